import { MILLISECOND, SECOND, isoSecond, seconds, type Micros } from './clock';
import { FORWARDS, DEAD_FORWARD, domainOf, mailboxHost, resolveRecipient, type Peer, type PostfixHost } from './fleet';
import type { Incidents } from './incidents';
import { load } from './load-curve';
import { QueueIds } from './postfix-queue-id';
import type { Attempt, MailFacts, Origin, QueueRecipient, QueueVisit, Refusal } from './postfix-visit';
import type { Random } from './random';

const QUEUE_LIFETIME: Micros = seconds(5 * 86_400);

/** Where in time a message enters a host. */
export interface Entry {
  readonly origin: Origin;
  readonly arrival: Micros;
  readonly opened: Micros;
  readonly active: Micros;
}

type Try = Omit<Attempt, 'at' | 'activated'>;

/** Carries mail through the Postfix hosts: gateway → mailbox host → LMTP, with what goes wrong on the way. */
export class Routing {
  private readonly queueIds = new Map<PostfixHost, QueueIds>();
  private refusals: Refusal[] = [];

  constructor(
    private readonly random: Random,
    private readonly incidents: Incidents,
  ) {}

  idAt(host: PostfixHost, opened: Micros): string {
    return this.idsOf(host).next(opened);
  }

  /** The refusals since the last call: they stand in the refusing host's log, under no queue id. */
  takeRefusals(): readonly Refusal[] {
    const taken = this.refusals;
    this.refusals = [];
    return taken;
  }

  /** Mail at a gateway for envelope recipients, and all that follows from it. */
  gateway(host: PostfixHost, entry: Entry, mail: MailFacts, envelope: readonly string[]): QueueVisit {
    const recipients = envelope.flatMap((original) =>
      resolveRecipient(original).map((address): QueueRecipient => {
        return address === original ? { address, attempts: [] } : { address, original, attempts: [] };
      }),
    );
    const visit = this.visit(host, entry, mail, recipients);
    const outside = new Set<string>([...FORWARDS.values(), DEAD_FORWARD.target]);
    const groups = new Map<PostfixHost | string, QueueRecipient[]>();
    for (const recipient of recipients) {
      const target = outside.has(recipient.address) ? recipient.address : mailboxHost(recipient.address);
      const group = groups.get(target);
      if (group) group.push(recipient);
      else groups.set(target, [recipient]);
    }
    for (const [target, group] of groups) {
      if (typeof target === 'string') this.leaveFleet(visit, group[0]);
      else if (isUnknownUser(group[0].address)) this.refuseUser(visit, group[0], target);
      else this.toMailboxHost(visit, group, target);
    }
    return this.close(visit);
  }

  private toMailboxHost(visit: QueueVisit, group: QueueRecipient[], target: PostfixHost): void {
    const relay = `${target.domainName}[${target.address}]:25`;
    const last = this.attemptUntilDone(visit, group, (activated) => {
      const bad = this.incidents.isOverloaded(target, activated);
      if (this.random.chance(bad ? 0.12 : 0.004)) return this.connectionTrouble(target, relay);
      const transmit = seconds(this.random.logNormal(0.25, 0.7) + (bad ? this.random.exponential(6) : 0));
      return { ...this.ordinary('smtp', relay), transmit, reply: '' };
    });
    const session = last.activated + last.inQueue;
    const opened = session + last.connect + Math.floor(last.transmit / 3);
    const active = last.at - Math.min(this.random.int(2000, 30_000), Math.floor(last.transmit / 3));
    const client: Peer = { name: visit.host.domainName, address: visit.host.address };
    const connected = session + Math.floor(last.connect / 2);
    const entry: Entry = { origin: { kind: 'smtp', client, connected }, arrival: opened - 400, opened, active };
    const next = this.mailbox(target, entry, visit, group);
    const reply = `250 2.0.0 Ok: queued as ${next.queueId}`;
    for (const recipient of group) {
      recipient.next = next;
      recipient.attempts[recipient.attempts.length - 1] = { ...last, reply };
    }
  }

  private mailbox(host: PostfixHost, entry: Entry, mail: MailFacts, group: readonly QueueRecipient[]): QueueVisit {
    const recipients = group.map(({ address }): QueueRecipient => ({ address, attempts: [] }));
    const visit = this.visit(host, entry, mail, recipients);
    const relay = `${host.domainName}[private/dovecot-lmtp]`;
    const full = recipients.length === 1 && this.random.chance(0.002);
    this.attemptUntilDone(visit, recipients, (activated) => {
      const strain = this.incidents.isOverloaded(host, activated) ? 0.4 + load(activated) : 0;
      const down = this.incidents.isStoreDown(host, activated);
      const fails = this.random.chance(down ? 0.95 : strain ? 0.35 : 0.001);
      const inQueue = seconds(this.random.logNormal(0.006, 1) + (strain && this.random.exponential(120 * strain)));
      const transmit = seconds(this.random.logNormal(0.08, 0.7) + (strain && 4 + this.random.exponential(40 * strain)));
      const ordinary = { ...this.ordinary('lmtp', relay), inQueue, connect: this.random.int(1000, 9000), transmit };
      if (fails) return { ...ordinary, dsn: '4.2.0', status: 'deferred', reply: '' };
      if (full) return { ...ordinary, dsn: '5.2.2', status: 'bounced', reply: '' };
      return { ...ordinary, reply: '' };
    });
    for (const recipient of recipients) {
      recipient.attempts.forEach((attempt, i) => (recipient.attempts[i] = this.lmtpReply(attempt, recipient, relay)));
      if (full) this.notify(visit, recipient, recipient.attempts[recipient.attempts.length - 1].at);
    }
    return this.close(visit);
  }

  private lmtpReply(attempt: Attempt, recipient: QueueRecipient, relay: string): Attempt {
    const to = `<${recipient.address}>`;
    if (attempt.status === 'sent') return { ...attempt, reply: `250 2.0.0 ${to} ${this.sessionId()} Saved` };
    const said = `host ${relay} said:`;
    const tail = '(in reply to end of DATA command)';
    if (attempt.status === 'bounced')
      return { ...attempt, reply: `${said} 552 5.2.2 ${to} Quota exceeded (mailbox for user is full) ${tail}` };
    const when = isoSecond(attempt.at).slice(0, 19).replace('T', ' ');
    const text = `Internal error occurred. Refer to server log for more information. [${when}]`;
    return { ...attempt, reply: `${said} 451 4.2.0 ${to} ${text} ${tail}` };
  }

  private refuseUser(visit: QueueVisit, recipient: QueueRecipient, target: PostfixHost): void {
    const relay = `${target.domainName}[${target.address}]:25`;
    const why = `550 5.1.1 <${recipient.address}>: Recipient address rejected: User unknown in virtual mailbox table`;
    const last = this.attemptUntilDone(visit, [recipient], () => ({
      ...this.ordinary('smtp', relay),
      dsn: '5.1.1',
      status: 'bounced',
      reply: `host ${target.domainName}[${target.address}] said: ${why} (in reply to RCPT TO command)`,
    }));
    const client: Peer = { name: visit.host.domainName, address: visit.host.address };
    const { sender } = visit;
    this.refusals.push({ host: target, at: last.at - 2000, client, sender, recipient: recipient.address, reply: why });
    this.notify(visit, recipient, last.at);
  }

  private leaveFleet(visit: QueueVisit, recipient: QueueRecipient): void {
    const domain = domainOf(recipient.address);
    const relay = `mx.${domain}[192.0.2.25]:25`;
    if (recipient.address !== DEAD_FORWARD.target) {
      const reply = `250 2.0.0 Ok: queued as ${this.random.hex(10).toUpperCase()}`;
      this.attemptUntilDone(visit, [recipient], () => ({ ...this.ordinary('smtp', relay), reply }));
      return;
    }
    const timeout: Try = {
      ...this.ordinary('smtp', 'none'),
      connect: seconds(30),
      transmit: 0,
      dsn: '4.4.1',
      status: 'deferred',
      reply: `connect to mx.${domain}[192.0.2.25]:25: Connection timed out`,
    };
    this.attemptUntilDone(visit, [recipient], () => timeout);
    this.notify(visit, recipient, recipient.expired ?? visit.active);
  }

  /** Tries until the attempt is not deferred, or the queue lifetime is over. All of `group` share every attempt. */
  private attemptUntilDone(visit: QueueVisit, group: QueueRecipient[], attempt: (activated: Micros) => Try): Attempt {
    for (let activated = visit.active, wait = 300; ; wait = Math.min(wait * 2, 4000)) {
      const tried = attempt(activated);
      const at = activated + tried.inQueue + tried.connect + tried.transmit;
      const done: Attempt = { ...tried, activated, at };
      for (const recipient of group) recipient.attempts.push(done);
      if (done.status !== 'deferred') return done;
      activated = at + seconds(wait + this.random.float() * 60);
      visit.reactivated.push(activated);
      if (activated - visit.arrival < QUEUE_LIFETIME) continue;
      visit.reactivated.pop();
      for (const recipient of group) recipient.expired = activated;
      return done;
    }
  }

  private ordinary(program: 'smtp' | 'lmtp', relay: string): Try {
    const inQueue = seconds(this.random.logNormal(0.008, 1));
    const connect = seconds(this.random.logNormal(0.03, 0.8));
    const transmit = seconds(this.random.logNormal(0.2, 0.7));
    return { program, relay, inQueue, connect, transmit, dsn: '2.0.0', status: 'sent', reply: '' };
  }

  private connectionTrouble(target: PostfixHost, relay: string): Try {
    const at = `${target.domainName}[${target.address}]`;
    const base = { ...this.ordinary('smtp', relay), transmit: 0, status: 'deferred' as const };
    if (this.random.chance(0.5))
      return { ...base, relay: 'none', dsn: '4.4.1', reply: `connect to ${at}:25: Connection refused` };
    return { ...base, dsn: '4.3.2', reply: `host ${at} refused to talk to me: 421 4.3.2 All server ports are busy` };
  }

  /** The sender is told: a message of its own, from the same host to the sender's. */
  private notify(visit: QueueVisit, about: QueueRecipient, after: Micros): void {
    const opened = after + this.random.int(2000, 9000);
    const active = opened + this.random.int(3000, 12_000);
    const recipient: QueueRecipient = { address: visit.sender, attempts: [] };
    const stamp = isoSecond(opened).replace(/[-:TZ]/g, '');
    const queueId = this.idAt(visit.host, opened);
    const mail: MailFacts = { sender: '', messageId: `${stamp}.${queueId}@${visit.host.domainName}`, size: 3200 };
    const entry: Entry = { origin: { kind: 'bounce' }, arrival: opened, opened, active };
    const notification = this.visit(visit.host, entry, mail, [recipient], queueId);
    const relay = `mx.${domainOf(visit.sender)}[192.0.2.80]:25`;
    const reply = `250 2.0.0 Ok: queued as ${this.random.hex(11).toUpperCase()}`;
    this.attemptUntilDone(notification, [recipient], () => ({ ...this.ordinary('smtp', relay), reply }));
    about.notification = this.close(notification);
  }

  private visit(
    host: PostfixHost,
    entry: Entry,
    mail: MailFacts,
    recipients: QueueRecipient[],
    queueId = this.idAt(host, entry.opened),
  ): QueueVisit {
    const { sender, messageId, size } = mail;
    return { host, queueId, ...entry, reactivated: [], sender, messageId, size, recipients, removed: 0 };
  }

  private close(visit: QueueVisit): QueueVisit {
    const ends = visit.recipients.map(({ attempts, expired, notification }) =>
      Math.max(attempts[attempts.length - 1].at, expired ?? 0, notification?.active ?? 0),
    );
    visit.removed = Math.max(...ends) + this.random.int(1, 4) * MILLISECOND;
    this.idsOf(visit.host).release(visit.queueId, visit.removed);
    return visit;
  }

  private idsOf(host: PostfixHost): QueueIds {
    let ids = this.queueIds.get(host);
    if (!ids) this.queueIds.set(host, (ids = new QueueIds(host, this.random)));
    return ids;
  }

  private sessionId(): string {
    return `${Buffer.from(this.random.hex(24), 'hex').toString('base64').replace(/[+/]/g, 'x')}:R${this.random.int(1, 4)}`;
  }
}

/** People who have left: the mailbox host knows them no longer. */
export const isUnknownUser = (address: string): boolean => address.startsWith('left');

/** A gateway takes a message from a client: connect, `client=` and `queue active`. The last is when custody begins. */
export function smtpEntry(random: Random, client: Peer, connected: Micros): Entry {
  const opened = connected + random.int(60_000, 240_000);
  const data = Math.min(20 * SECOND, seconds(random.logNormal(0.15, 0.8)) + 2 * MILLISECOND);
  return { origin: { kind: 'smtp', client, connected }, arrival: opened - 500, opened, active: opened + data };
}
