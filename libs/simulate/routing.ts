import { DEAD_FORWARD, FORWARDS, resolveRecipient } from './aliases';
import { MILLISECOND, SECOND, isoSecond, seconds, type Micros } from './clock';
import { domainOf, mailboxHost } from './fleet';
import type { Fleet, Host, Peer } from './hosts';
import type { Incidents } from './incidents';
import { load } from './load-curve';
import { assignedMessageId } from './message-ids';
import { QueueIds } from './queue-ids';
import type { Attempt, MailFacts, Origin, QueueRecipient, QueueVisit, Refusal } from './queue-visit';
import type { Random } from './random';
import { accepted, mailboxFull, unknownUser } from './replies';
import { traceForm } from './trace-forms';

const QUEUE_LIFETIME: Micros = seconds(5 * 86_400);

/** Where in time a message enters a host. */
export interface Entry {
  readonly origin: Origin;
  readonly arrival: Micros;
  readonly opened: Micros;
  readonly active: Micros;
}

type Try = Omit<Attempt, 'at' | 'activated'>;

/** Carries mail through the hosts: gateway → mailbox host → mailbox, with what goes wrong on the way. */
export class Routing {
  private readonly queueIds = new Map<Host, QueueIds>();
  private refusals: Refusal[] = [];

  constructor(
    private readonly random: Random,
    private readonly fleet: Fleet,
    private readonly incidents: Incidents,
  ) {}

  idAt(host: Host, opened: Micros): string {
    return this.idsOf(host).next(opened);
  }

  /** The refusals since the last call: they stand in the refusing host's log, under no queue id. */
  takeRefusals(): readonly Refusal[] {
    const taken = this.refusals;
    this.refusals = [];
    return taken;
  }

  /** Mail from outside at a host for envelope recipients, and all that follows from it. */
  enter(host: Host, entry: Entry, mail: MailFacts, envelope: readonly string[]): QueueVisit {
    const recipients = envelope.flatMap((original) =>
      resolveRecipient(this.fleet.aliases, original).map((address): QueueRecipient => {
        return address === original ? { address, attempts: [] } : { address, original, attempts: [] };
      }),
    );
    const visit = this.visit(host, entry, mail, recipients);
    const outside = new Set<string>([...FORWARDS.values(), DEAD_FORWARD.target]);
    const groups = new Map<Host | string, QueueRecipient[]>();
    for (const recipient of recipients) {
      const target = outside.has(recipient.address) ? recipient.address : mailboxHost(this.fleet, recipient.address);
      const group = groups.get(target);
      if (group) group.push(recipient);
      else groups.set(target, [recipient]);
    }
    for (const [target, group] of groups) {
      if (typeof target === 'string') this.leaveFleet(visit, group[0]);
      else if (target === host) this.store(visit, group);
      else if (isUnknownUser(group[0].address) && target.product === 'postfix')
        this.refuseUser(visit, group[0], target);
      else this.toMailboxHost(visit, group, target);
    }
    return this.close(visit);
  }

  private toMailboxHost(visit: QueueVisit, group: QueueRecipient[], target: Host): void {
    const last = this.attemptUntilDone(visit, group, (activated) => {
      const bad = this.incidents.isOverloaded(target, activated);
      if (this.random.chance(bad ? 0.12 : 0.004)) return this.connectionTrouble(target);
      const transmit = seconds(this.random.logNormal(0.25, 0.7) + (bad ? this.random.exponential(6) : 0));
      return { ...this.ordinary('next host', target), transmit, reply: '' };
    });
    const session = last.activated + last.inQueue;
    const opened = session + last.connect + Math.floor(last.transmit / 3);
    const active = last.at - Math.min(this.random.int(2000, 30_000), Math.floor(last.transmit / 3));
    const client: Peer = visit.host;
    const connected = session + Math.floor(last.connect / 2);
    const entry: Entry = { origin: { kind: 'smtp', client, connected }, arrival: opened - 400, opened, active };
    const next = this.mailbox(target, entry, visit, group);
    const reply = accepted(next);
    for (const recipient of group) {
      recipient.next = next;
      recipient.attempts[recipient.attempts.length - 1] = { ...last, reply };
    }
  }

  private mailbox(host: Host, entry: Entry, mail: MailFacts, group: readonly QueueRecipient[]): QueueVisit {
    const recipients = group.map(({ address }): QueueRecipient => ({ address, attempts: [] }));
    const visit = this.visit(host, entry, mail, recipients);
    this.store(visit, recipients);
    return this.close(visit);
  }

  /** Into the mailboxes of the host that has the mail. */
  private store(visit: QueueVisit, recipients: QueueRecipient[]): void {
    const { host } = visit;
    if (host.product === 'microsoft-365') return this.storeAtService(visit, recipients);
    const full = recipients.length === 1 && this.random.chance(0.002);
    const unknown = isUnknownUser(recipients[0].address);
    this.attemptUntilDone(visit, recipients, (activated) => {
      const strain = this.incidents.isOverloaded(host, activated) ? 0.4 + load(activated) : 0;
      const down = this.incidents.isStoreDown(host, activated);
      const fails = this.random.chance(down ? 0.95 : strain ? 0.35 : 0.001);
      const inQueue = seconds(this.random.logNormal(0.006, 1) + (strain && this.random.exponential(120 * strain)));
      const transmit = seconds(this.random.logNormal(0.08, 0.7) + (strain && 4 + this.random.exponential(40 * strain)));
      const ordinary = { ...this.ordinary('mailbox', host), inQueue, connect: this.random.int(1000, 9000), transmit };
      if (unknown) return { ...ordinary, dsn: '5.1.1', status: 'bounced', stage: 'RCPT TO', reply: '' };
      if (fails) return { ...ordinary, dsn: '4.2.0', status: 'deferred', reply: '' };
      if (full) return { ...ordinary, dsn: '5.2.2', status: 'bounced', reply: '' };
      return { ...ordinary, reply: '' };
    });
    for (const recipient of recipients) {
      recipient.attempts.forEach((attempt, i) => (recipient.attempts[i] = this.withReply(attempt, recipient, host)));
      if (full || unknown) this.notify(visit, recipient, recipient.attempts[recipient.attempts.length - 1].at);
    }
  }

  /** Microsoft 365 delivers at once, or takes the mail out; what it cannot deliver it tells the sender itself. */
  private storeAtService(visit: QueueVisit, recipients: QueueRecipient[]): void {
    for (const recipient of recipients) {
      const transmit = seconds(this.random.logNormal(1.5, 0.7));
      // An extended trace tells of what was taken out in no form that is known here.
      const share = traceForm(visit.active).hasEvents ? 1 : this.random.float();
      const dsn = isUnknownUser(recipient.address) ? '5.1.10' : '2.0.0';
      const status = dsn[0] === '5' ? 'bounced' : share < 0.015 ? 'filtered' : share < 0.03 ? 'quarantined' : 'sent';
      const reply = status === 'bounced' ? unknownUser(visit.host, recipient.address) : '';
      const tried = { ...this.ordinary('mailbox', visit.host), dsn, transmit, status, reply } as const;
      this.attemptUntilDone(visit, [recipient], () => tried);
    }
  }

  private withReply(attempt: Attempt, { address }: QueueRecipient, host: Host): Attempt {
    if (attempt.status === 'bounced') {
      const reply = attempt.stage === 'RCPT TO' ? unknownUser(host, address) : mailboxFull(host, address);
      return { ...attempt, reply };
    }
    // Only LMTP has a reply.
    if (attempt.status === 'sent')
      return host.product === 'postfix'
        ? { ...attempt, reply: `250 2.0.0 <${address}> ${this.sessionId()} Saved` }
        : attempt;
    if (host.product === 'exchange')
      return { ...attempt, reply: '432 4.3.2 STOREDRV.Storage; mailbox database is offline' };
    if (host.product === 'exim')
      return { ...attempt, reply: `/home/${address.split('@')[0]}/Maildir is not a directory` };
    const when = isoSecond(attempt.at).slice(0, 19).replace('T', ' ');
    const text = `Internal error occurred. Refer to server log for more information. [${when}]`;
    return { ...attempt, reply: `451 4.2.0 <${address}> ${text}` };
  }

  private refuseUser(visit: QueueVisit, recipient: QueueRecipient, target: Host): void {
    const why = unknownUser(target, recipient.address);
    const last = this.attemptUntilDone(visit, [recipient], () => ({
      ...this.ordinary('next host', target),
      dsn: '5.1.1',
      status: 'bounced',
      stage: 'RCPT TO',
      reply: why,
    }));
    const client: Peer = visit.host;
    const { sender } = visit;
    this.refusals.push({ host: target, at: last.at - 2000, client, sender, recipient: recipient.address, reply: why });
    this.notify(visit, recipient, last.at);
  }

  private leaveFleet(visit: QueueVisit, recipient: QueueRecipient): void {
    const domain = domainOf(recipient.address);
    const peer: Peer = { name: `mx.${domain}`, address: '192.0.2.25' };
    if (recipient.address !== DEAD_FORWARD.target) {
      const reply = `250 2.0.0 Ok: queued as ${this.random.hex(10).toUpperCase()}`;
      this.attemptUntilDone(visit, [recipient], () => ({ ...this.ordinary('next host', peer), reply }));
      return;
    }
    const timeout: Try = {
      ...this.ordinary('next host', peer),
      connect: seconds(30),
      transmit: 0,
      dsn: '4.4.1',
      status: 'deferred',
      stage: 'connect',
      reply: 'Connection timed out',
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

  private ordinary(into: Attempt['into'], peer: Peer): Try {
    const inQueue = seconds(this.random.logNormal(0.008, 1));
    const connect = seconds(this.random.logNormal(0.03, 0.8));
    const transmit = seconds(this.random.logNormal(0.2, 0.7));
    return { into, peer, inQueue, connect, transmit, stage: 'end of DATA', dsn: '2.0.0', status: 'sent', reply: '' };
  }

  private connectionTrouble(target: Host): Try {
    const base = { ...this.ordinary('next host', target), transmit: 0, status: 'deferred' as const };
    if (this.random.chance(0.5)) return { ...base, dsn: '4.4.1', stage: 'connect', reply: 'Connection refused' };
    return { ...base, dsn: '4.3.2', stage: 'greeting', reply: '421 4.3.2 All server ports are busy' };
  }

  /** The sender is told: a message of its own, from the same host to the sender's. */
  private notify(visit: QueueVisit, about: QueueRecipient, after: Micros): void {
    const opened = after + this.random.int(2000, 9000);
    const active = opened + this.random.int(3000, 12_000);
    const recipient: QueueRecipient = { address: visit.sender, attempts: [] };
    const stamp = isoSecond(opened).replace(/[-:TZ]/g, '');
    const queueId = this.idAt(visit.host, opened);
    const mail: MailFacts = { sender: '', messageId: `${stamp}.${queueId}@${visit.host.name}`, size: 3200 };
    const entry: Entry = { origin: { kind: 'bounce', about: visit }, arrival: opened, opened, active };
    const notification = this.visit(visit.host, entry, mail, [recipient], queueId);
    const peer: Peer = { name: `mx.${domainOf(visit.sender)}`, address: '192.0.2.80' };
    const reply = `250 2.0.0 Ok: queued as ${this.random.hex(11).toUpperCase()}`;
    this.attemptUntilDone(notification, [recipient], () => ({ ...this.ordinary('next host', peer), reply }));
    about.notification = this.close(notification);
  }

  private visit(
    host: Host,
    entry: Entry,
    mail: MailFacts,
    recipients: QueueRecipient[],
    queueId = this.idAt(host, entry.opened),
  ): QueueVisit {
    const { sender, size } = mail;
    const messageId = mail.messageId || assignedMessageId(this.random, host, queueId, entry.active);
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

  private idsOf(host: Host): QueueIds {
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
