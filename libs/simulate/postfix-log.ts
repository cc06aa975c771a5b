import { MILLISECOND, Rfc3164Stamps, isoMicros, type Micros } from './clock';
import type { Host, Peer } from './hosts';
import { daemonNoise } from './noise';
import { delayText } from './postfix-delay';
import type { Attempt, LostSession, QueueRecipient, QueueVisit, Refusal } from './queue-visit';
import type { Random } from './random';
import { RotatedLog, type LogPlace } from './rotated-log';

const named = ({ name, address }: Peer): string => `${name}[${address}]`;

/** The mail log of one Postfix host, and of Dovecot, to which it hands over by LMTP. */
export class PostfixLog extends RotatedLog {
  private readonly rfc3164: Rfc3164Stamps;
  private readonly qmgr = 'postfix/qmgr[1234]';

  constructor(host: Host, place: LogPlace) {
    super(host, place);
    this.rfc3164 = new Rfc3164Stamps(place.zone);
  }

  /** One line of `program` (`smtpd[1234]`), which may come at any time not yet flushed. */
  add(at: Micros, program: string, text: string): void {
    this.line(at, ` ${this.host.mta} ${program}: ${text}`);
  }

  visit(visit: QueueVisit): void {
    const { queueId, origin, opened, active } = visit;
    const cleanup = this.process('cleanup');
    const from = `${queueId}: from=<${visit.sender}>, size=${visit.size}, nrcpt=${visit.recipients.length} (queue active)`;
    const between = opened + Math.floor((active - opened) / 2);
    if (origin.kind === 'smtp') {
      const smtpd = this.process('smtpd');
      const client = named(origin.client);
      this.add(origin.connected, smtpd, `connect from ${client}`);
      this.add(opened, smtpd, `${queueId}: client=${client}`);
      const count = visit.recipients.length;
      const commands = `ehlo=2 starttls=1 mail=1 rcpt=${count} data=1 quit=1 commands=${6 + count}`;
      this.add(active + 9 * MILLISECOND, smtpd, `disconnect from ${client} ${commands}`);
    }
    if (origin.kind === 'pickup') {
      const user = visit.sender.slice(0, visit.sender.indexOf('@'));
      this.add(opened, this.process('pickup'), `${queueId}: uid=${origin.uid} from=<${user}>`);
    }
    const bracketed = visit.messageId ? `<${visit.messageId}>` : '<>';
    this.add(origin.kind === 'bounce' ? opened : between, cleanup, `${queueId}: message-id=${bracketed}`);
    for (const at of [active, ...visit.reactivated]) this.add(at, this.qmgr, from);
    for (const recipient of visit.recipients) this.recipient(visit, recipient);
    this.add(visit.removed, this.qmgr, `${queueId}: removed`);
  }

  refusal(refusal: Refusal): void {
    const smtpd = this.process('smtpd');
    const client = named(refusal.client);
    const to = `from=<${refusal.sender}> to=<${refusal.recipient}> proto=ESMTP helo=<${refusal.client.name}>`;
    this.add(refusal.at - 60 * MILLISECOND, smtpd, `connect from ${client}`);
    this.add(refusal.at, smtpd, `NOQUEUE: reject: RCPT from ${client}: ${refusal.reply}; ${to}`);
    const counts = 'ehlo=2 starttls=1 mail=1 rcpt=0/1 quit=1 commands=5/6';
    this.add(refusal.at + 20 * MILLISECOND, smtpd, `disconnect from ${client} ${counts}`);
  }

  lostSession(session: LostSession): void {
    const { connected, queueId, lost } = session;
    const smtpd = this.process('smtpd');
    const client = named(session.client);
    this.add(connected, smtpd, `connect from ${client}`);
    this.add(connected + 90 * MILLISECOND, smtpd, `${queueId}: client=${client}`);
    this.add(connected + 95 * MILLISECOND, this.process('cleanup'), `${queueId}: message-id=<${session.messageId}>`);
    this.add(lost, smtpd, `lost connection after DATA (${this.place.random.int(900, 60_000)} bytes) from ${client}`);
    this.add(lost + 400, smtpd, `disconnect from ${client} ehlo=2 starttls=1 mail=1 rcpt=1 data=0/1 commands=5/6`);
  }

  hourly(random: Random, hour: Micros): void {
    daemonNoise(random, this, hour);
  }

  /** `postfix/NAME[pid]` of one of several processes of that kind. */
  process(name: string): string {
    return `postfix/${name}[${this.place.random.int(2000, 32_000)}]`;
  }

  protected fileName(day: string): string {
    return `mail-${day}.log`;
  }

  protected stamp(shown: Micros): string {
    return this.host.stamps === 'iso' ? isoMicros(shown) : this.rfc3164.stamp(shown);
  }

  private recipient(visit: QueueVisit, recipient: QueueRecipient): void {
    for (const attempt of recipient.attempts) this.attempt(visit, recipient, attempt);
    const { expired, notification } = recipient;
    if (expired !== undefined)
      this.add(expired, this.qmgr, `${visit.queueId}: from=<${visit.sender}>, status=expired, returned to sender`);
    if (!notification) return;
    const note = `${visit.queueId}: sender non-delivery notification: ${notification.queueId}`;
    this.add(notification.opened + 1500, this.process('bounce'), note);
  }

  private attempt(visit: QueueVisit, recipient: QueueRecipient, attempt: Attempt): void {
    const { at, activated, inQueue, connect, transmit, status } = attempt;
    const parts = [activated - visit.arrival, inQueue, connect, transmit].map(delayText).join('/');
    const original = recipient.original ? ` orig_to=<${recipient.original}>,` : '';
    const isMailbox = attempt.into === 'mailbox';
    const program = this.process(isMailbox ? 'lmtp' : 'smtp');
    const text = explanation(attempt);
    const relay = isMailbox ? socket(attempt.peer) : `${named(attempt.peer)}:25`;
    const isUnreached = status !== 'sent' && attempt.stage === 'connect';
    if (isUnreached) this.add(at - 300, program, text);
    this.add(
      at,
      program,
      `${visit.queueId}: to=<${recipient.address}>,${original} relay=${isUnreached ? 'none' : relay}, ` +
        `delay=${delayText(at - visit.arrival)}, delays=${parts}, dsn=${attempt.dsn}, status=${status} (${text})`,
    );
    if (isMailbox && status === 'sent') this.dovecot(visit, recipient, attempt);
  }

  private dovecot(visit: QueueVisit, recipient: QueueRecipient, attempt: Attempt): void {
    const session = attempt.reply.split(' ')[3];
    const id = visit.messageId ? `<${visit.messageId}>` : 'unspecified';
    const text = `lmtp(${recipient.address.toLowerCase()})<${this.place.random.int(900, 9999)}><${session}>: msgid=${id}: saved mail to INBOX`;
    this.add(attempt.at - 900, 'dovecot', text);
  }
}

const socket = ({ name }: Peer): string => `${name}[private/dovecot-lmtp]`;

/** What Postfix's smtp and lmtp programs put in parentheses. */
function explanation({ status, into, peer, stage, reply }: Attempt): string {
  if (status === 'sent') return reply;
  if (stage === 'connect') return `connect to ${named(peer)}:25: ${reply}`;
  if (stage === 'greeting') return `host ${named(peer)} refused to talk to me: ${reply}`;
  const host = into === 'mailbox' ? socket(peer) : named(peer);
  return `host ${host} said: ${reply} (in reply to ${stage} command)`;
}
