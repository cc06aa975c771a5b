import { join } from 'node:path';
import { DAY, MILLISECOND, Rfc3164Stamps, isoMicros, isoSecond, type Micros } from './clock';
import type { HostClock } from './clock-error';
import type { Peer, PostfixHost } from './fleet';
import { OrderedLines } from './ordered-lines';
import { delayText } from './postfix-delay';
import type { Attempt, QueueRecipient, QueueVisit, Refusal } from './postfix-visit';
import type { Random } from './random';
import { TextFile } from './text-file';

const WEEK = 7 * DAY;

/** A session that broke off inside DATA: a queue id with a Message-ID that never became a message. */
export interface LostSession {
  readonly host: PostfixHost;
  readonly client: Peer;
  readonly connected: Micros;
  readonly queueId: string;
  readonly messageId: string;
  readonly lost: Micros;
}

/** The mail log of one Postfix host, in the order of true time, stamped by the host's clock, rotated weekly. What lies at or after `end` is not written. */
export class PostfixLog {
  readonly files: TextFile[] = [];
  private readonly lines = new OrderedLines<string>((line, at) => this.write(line, at));
  private readonly rfc3164: Rfc3164Stamps;
  private rotation = -1;

  constructor(
    private readonly host: PostfixHost,
    private readonly folder: string,
    zone: string,
    private readonly start: Micros,
    private readonly end: Micros,
    private readonly random: Random,
    private readonly clock: HostClock,
  ) {
    this.rfc3164 = new Rfc3164Stamps(zone);
  }

  /** Writes every line before `until`; none before it may be added later. */
  flush(until: Micros): void {
    this.lines.flush(until);
  }

  close(): void {
    this.lines.flush(Infinity);
    for (const file of this.files) file.close();
  }

  /** One line of `program` (`smtpd[1234]`), which may come at any time not yet flushed. */
  add(at: Micros, program: string, text: string): void {
    if (at < this.end) this.lines.add(at, ` ${this.host.name} ${program}: ${text}\n`);
  }

  visit(visit: QueueVisit): void {
    const { queueId, origin, opened, active } = visit;
    const cleanup = this.process('cleanup');
    const from = `${queueId}: from=<${visit.sender}>, size=${visit.size}, nrcpt=${visit.recipients.length} (queue active)`;
    const named = opened + Math.floor((active - opened) / 2);
    if (origin.kind === 'smtp') {
      const smtpd = this.process('smtpd');
      const client = `${origin.client.name}[${origin.client.address}]`;
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
    this.add(origin.kind === 'bounce' ? opened : named, cleanup, `${queueId}: message-id=${bracketed}`);
    for (const at of [active, ...visit.reactivated]) this.add(at, this.qmgr, from);
    for (const recipient of visit.recipients) this.recipient(visit, recipient);
    this.add(visit.removed, this.qmgr, `${queueId}: removed`);
  }

  refusal(refusal: Refusal): void {
    const smtpd = this.process('smtpd');
    const client = `${refusal.client.name}[${refusal.client.address}]`;
    const to = `from=<${refusal.sender}> to=<${refusal.recipient}> proto=ESMTP helo=<${refusal.client.name}>`;
    this.add(refusal.at - 60 * MILLISECOND, smtpd, `connect from ${client}`);
    this.add(refusal.at, smtpd, `NOQUEUE: reject: RCPT from ${client}: ${refusal.reply}; ${to}`);
    const counts = 'ehlo=2 starttls=1 mail=1 rcpt=0/1 quit=1 commands=5/6';
    this.add(refusal.at + 20 * MILLISECOND, smtpd, `disconnect from ${client} ${counts}`);
  }

  lostSession(session: LostSession): void {
    const { connected, queueId, lost } = session;
    const smtpd = this.process('smtpd');
    const client = `${session.client.name}[${session.client.address}]`;
    this.add(connected, smtpd, `connect from ${client}`);
    this.add(connected + 90 * MILLISECOND, smtpd, `${queueId}: client=${client}`);
    this.add(connected + 95 * MILLISECOND, this.process('cleanup'), `${queueId}: message-id=<${session.messageId}>`);
    this.add(lost, smtpd, `lost connection after DATA (${this.random.int(900, 60_000)} bytes) from ${client}`);
    this.add(lost + 400, smtpd, `disconnect from ${client} ehlo=2 starttls=1 mail=1 rcpt=1 data=0/1 commands=5/6`);
  }

  /** `postfix/NAME[pid]` of one of several processes of that kind. */
  process(name: string): string {
    return `postfix/${name}[${this.random.int(2000, 32_000)}]`;
  }

  private readonly qmgr = 'postfix/qmgr[1234]';

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
    const program = this.process(attempt.program);
    if (attempt.reply.startsWith('connect to ')) this.add(at - 300, program, attempt.reply);
    this.add(
      at,
      program,
      `${visit.queueId}: to=<${recipient.address}>,${original} relay=${attempt.relay}, ` +
        `delay=${delayText(at - visit.arrival)}, delays=${parts}, dsn=${attempt.dsn}, status=${status} (${attempt.reply})`,
    );
    if (attempt.program === 'lmtp' && status === 'sent') this.dovecot(visit, recipient, attempt);
  }

  private dovecot(visit: QueueVisit, recipient: QueueRecipient, attempt: Attempt): void {
    const session = attempt.reply.split(' ')[3];
    const id = visit.messageId ? `<${visit.messageId}>` : 'unspecified';
    const text = `lmtp(${recipient.address.toLowerCase()})<${this.random.int(900, 9999)}><${session}>: msgid=${id}: saved mail to INBOX`;
    this.add(attempt.at - 900, 'dovecot', text);
  }

  private write(line: string, at: Micros): void {
    const rotation = Math.floor((at - this.start) / WEEK);
    if (rotation !== this.rotation) {
      this.rotation = rotation;
      const day = isoSecond(this.start + rotation * WEEK).slice(0, 10);
      this.files.push(new TextFile(join(this.folder, `mail-${day}.log`)));
    }
    const file = this.files[this.files.length - 1];
    const shown = this.clock(at);
    file.write((this.host.stamps === 'iso' ? isoMicros(shown) : this.rfc3164.stamp(shown)) + line);
    file.records++;
    file.modified = at;
  }
}
