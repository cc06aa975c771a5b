import { HOUR, MILLISECOND, MINUTE, Rfc3164Stamps, SECOND, type Micros } from './clock';
import { attemptsTogether, type SharedAttempt } from './attempts-together';
import { sendmailDelayMs } from './hop-told';
import type { Host, Peer } from './hosts';
import type { LostSession, QueueVisit, Refusal } from './queue-visit';
import type { Random } from './random';
import { RotatedLog, type LogPlace } from './rotated-log';

/** So many characters of a Message-ID are logged (formats.md §13.17). */
const LOGGED_OF_MESSAGE_ID = 100;

const named = ({ name, address }: Peer): string => `${name} [${address}]`;

/** The log of one Sendmail host (8.17 on Debian: program `sm-mta`; formats.md §7, §13.17 to 22). */
export class SendmailLog extends RotatedLog {
  private readonly stamps: Rfc3164Stamps;
  private lastRefused = '';

  constructor(host: Host, place: LogPlace) {
    super(host, place);
    this.stamps = new Rfc3164Stamps(place.zone);
  }

  visit(visit: QueueVisit): void {
    const { origin, queueId, sender, size } = visit;
    const id = messageIdField(visit.messageId);
    const count = new Set(visit.recipients.map(({ original, address }) => original ?? address)).size;
    const facts = `size=${size}, class=0, nrcpts=${count}, msgid=${id}`;
    if (origin.kind === 'smtp') {
      const client = named(origin.client);
      const tls = 'version=TLSv1.3, verify=NO, cipher=TLS_AES_256_GCM_SHA384, bits=256/256';
      this.add(origin.connected + 20 * MILLISECOND, this.daemon, `STARTTLS=server, relay=${client}, ${tls}`);
      const from = `from=<${sender}>, ${facts}, bodytype=8BITMIME, proto=ESMTPS, daemon=MTA-v4, relay=${client}`;
      this.add(visit.active, this.daemon, `${queueId}: ${from}`);
    }
    if (origin.kind === 'pickup') this.submission(visit, facts);
    for (const shared of attemptsTogether(visit.recipients)) this.attempt(visit, shared);
    for (const { expired, notification, attempts } of visit.recipients) {
      if (!notification) continue;
      const why =
        expired === undefined
          ? `DSN: ${statusWord(attempts.at(-1)?.dsn)}`
          : 'return to sender: Cannot send message for 5 days';
      this.add(notification.opened, this.daemon, `${queueId}: ${notification.queueId}: ${why}`);
    }
  }

  refusal({ at, client, sender, recipient, reply, queueId }: Refusal): void {
    if (queueId === undefined) return;
    const rcpt = `<${recipient}>`;
    const text = reply.includes(rcpt)
      ? `ruleset=check_rcpt, arg1=${rcpt}, relay=${named(client)}, reject=${reply}`
      : `Milter: to=${rcpt}, reject=${reply}`;
    this.add(at, this.daemon, `${queueId}: ${text}`);
    if (queueId === this.lastRefused) return;
    this.lastRefused = queueId;
    const from = `from=<${sender}>, size=0, class=0, nrcpts=0, proto=ESMTPS, daemon=MTA-v4, relay=${named(client)}`;
    this.add(at + 400 * MILLISECOND, this.daemon, `${queueId}: ${from}`);
  }

  lostSession({ lost, queueId, client }: LostSession): void {
    this.add(lost, this.daemon, `${queueId}: lost input channel from ${named(client)} to MTA-v4 after data`);
  }

  hourly(random: Random, hour: Micros): void {
    const at = hour + random.int(1, 50) * MINUTE;
    const client = `192.0.2.${random.int(1, 254)}`;
    const quiet = 'did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA-v4';
    this.add(at, this.daemon, `NOQUEUE: [${client}] ${quiet}`);
    if (random.chance(0.1))
      this.add(
        hour + HOUR / 2,
        this.daemon,
        `ruleset=check_relay, arg1=[${client}], arg2=${client}, relay=[${client}], reject=550 5.7.1 Access denied`,
      );
  }

  protected fileName(day: string): string {
    return `mail-${day}.log`;
  }

  protected stamp(shown: Micros): string {
    return this.stamps.stamp(shown);
  }

  private get daemon(): string {
    return `sm-mta[${this.place.random.int(2000, 32_000)}]`;
  }

  private add(at: Micros, program: string, text: string): void {
    this.line(at, ` ${this.host.mta} ${program}: ${text}`);
  }

  /** Mail of a local program: the submission program has a queue id of its own, and hands over by SMTP to the daemon of the same host. */
  private submission(visit: QueueVisit, facts: string): void {
    const { sender, queueId, opened, active, size, recipients } = visit;
    const program = `sendmail[${this.place.random.int(2000, 32_000)}]`;
    // Its queue id is the daemon's, but for the sequence: both begin in the same second.
    const own = `${queueId.slice(0, 6)}zz${queueId.slice(8)}`;
    this.add(opened, program, `${own}: from=${sender}, ${facts}, relay=root@localhost`);
    const from = `from=<${sender}>, ${facts}, bodytype=8BITMIME, proto=ESMTP, daemon=MTA-v4, relay=localhost [127.0.0.1]`;
    this.add(active, this.daemon, `${queueId}: ${from}`);
    const sent = `relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, stat=Sent (${queueId} Message accepted for delivery)`;
    const times = `delay=${clock(0)}, xdelay=${clock(0)}, mailer=relay, pri=${30_000 + size}`;
    const to = `to=${recipients[0].address}, ctladdr=${sender} (0/0), ${times}, ${sent}`;
    this.add(active + MILLISECOND, program, `${own}: ${to}`);
  }

  private attempt(visit: QueueVisit, { attempt, recipients }: SharedAttempt): void {
    const { at, connect, transmit, dsn, peer } = attempt;
    // Recipients stand in reverse order, those of an alias without brackets.
    const to = recipients.map(({ address, original }) => (original ? address : `<${address}>`)).reverse();
    const delay = clock(sendmailDelayMs(visit, attempt) / 1000);
    const spent = clock(Math.floor((connect + transmit) / SECOND));
    const isReached = attempt.stage !== 'connect' || attempt.status === 'sent';
    const relay = `${peer.name}. [${peer.address}]`;
    const times = `delay=${delay}, xdelay=${spent}, mailer=esmtp, pri=${30_000 * to.length + visit.size}, relay=${relay}`;
    const shown = isReached ? dsn : '4.0.0';
    this.add(at, this.daemon, `${visit.queueId}: to=${to.join(',')}, ${times}, dsn=${shown}, ${status(attempt)}`);
  }
}

/** `<id>`, cut without a mark. */
const messageIdField = (id: string): string => `<${id}>`.slice(0, LOGGED_OF_MESSAGE_ID);

/** `[D+]HH:MM:SS` */
function clock(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const rest = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return days ? `${days}+${rest}` : rest;
}

/** `[reply=…, ]stat=…` */
function status({ status, stage, peer, reply, dsn }: SharedAttempt['attempt']): string {
  if (status === 'sent') return `stat=Sent (${reply.replace(/^\d{3} (?:\d\.\d{1,3}\.\d{1,3} )?/, '')})`;
  if (status === 'bounced') return `reply=${reply}, stat=${statusWord(dsn)}`;
  if (stage === 'greeting') return `stat=Deferred: ${reply}`;
  return `stat=Deferred: ${reply} ${reply === 'Connection refused' ? 'by' : 'with'} ${peer.name}.`;
}

const statusWord = (dsn: string | undefined): string => (dsn === '5.1.1' ? 'User unknown' : 'Service unavailable');
