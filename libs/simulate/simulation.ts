import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { DAY, HOUR, MILLISECOND, isoSecond, type Micros } from './clock';
import { hostClock, type HostClock } from './clock-error';
import { EximLog } from './exim-log';
import { ExchangeLog } from './exchange-log';
import { entryHost, mailbox, mailboxAt, senderHost } from './fleet';
import { ExportPeriods, LINKING_FORMS } from './hes-forms';
import { HesTracking } from './hes-tracking';
import { passHes, type HesTransaction, type HesTreatment } from './hes-transaction';
import { FLEETS, type Fleet, type Host } from './hosts';
import { Incidents, type Interval } from './incidents';
import { Letters } from './letters';
import { arrivals } from './load-curve';
import { MailFiles } from './mail-files';
import { MessageTrace } from './message-trace';
import { clientNoise } from './noise';
import { PostfixLog } from './postfix-log';
import { isToldClearly, type QueueVisit } from './queue-visit';
import { Random } from './random';
import { readme } from './readme';
import type { LogPlace, RotatedLog } from './rotated-log';
import { Routing, smtpEntry } from './routing';
import { SendmailLog } from './sendmail-log';
import type { IngestCall, SimulatedFile, SimulationOptions, SimulationSummary } from './simulation-summary';
import { TextFile } from './text-file';
import { addJourney, emptyTotals } from './totals';
import { hesJourneys, notificationJourneys, otherJourneys, type TrueJourney } from './truth';

/** One run of the model: draws messages in the order of their arrival and hands them to the writers. */
export class Simulation {
  private readonly end: Micros;
  private readonly random: Random;
  private readonly incidents: Incidents;
  private readonly periods: ExportPeriods;
  private readonly routing: Routing;
  private readonly letters: Letters;
  private readonly fleet: Fleet;
  private readonly logs: ReadonlyMap<Host, RotatedLog>;
  private readonly tracking: HesTracking;
  private readonly mailFiles: MailFiles;
  private readonly truth: TextFile;
  private readonly totals = emptyTotals();

  constructor(
    private readonly options: SimulationOptions,
    private readonly start: Micros,
  ) {
    const { out, messages, seed, days, mbx2Zone, clockErrors = {} } = options;
    const clock = (host: Host): HostClock => hostClock(clockErrors[host.mta], start);
    this.fleet = FLEETS[options.fleet ?? 'postfix'];
    this.end = start + days * DAY;
    this.random = new Random(seed);
    this.incidents = new Incidents(start, this.end);
    this.periods = new ExportPeriods(start, this.end);
    this.routing = new Routing(this.random, this.fleet, this.incidents);
    this.letters = new Letters(this.random, this.fleet);
    this.tracking = new HesTracking(join(out, 'hes'), this.periods, this.end, messages > 200_000 ? 5000 : 500);
    this.mailFiles = new MailFiles(join(out, 'mail'), new Random(seed + 1), clock);
    this.truth = new TextFile(join(out, 'truth.ndjson'));
    this.truth.modified = this.end;
    const noise = new Random(seed + 2);
    this.logs = new Map(
      this.fleet.hosts.map((host) => {
        const zone = (host.mta === 'mbx2' && mbx2Zone) || 'UTC';
        const folder = join(out, folderOf(host));
        return [host, logOf(host, { folder, zone, start, end: this.end, random: noise, clock: clock(host) })];
      }),
    );
  }

  async play(): Promise<void> {
    let hour = this.start;
    for (const at of arrivals(this.random, this.options.messages, this.start, this.end)) {
      for (; hour <= at; hour += HOUR) {
        this.hourly(hour);
        await setImmediate();
      }
      this.flush(at);
      this.message(at);
    }
    for (; hour < this.end; hour += HOUR) this.hourly(hour);
  }

  finish(): SimulationSummary {
    const { out, messages, seed, fleet = 'postfix' } = this.options;
    this.tracking.close();
    for (const log of this.logs.values()) log.close();
    this.truth.close();
    const written: [SimulatedFile['format'], TextFile[]][] = [
      ['trend-email-security', this.tracking.files],
      ...[...this.logs].map(([host, log]): [SimulatedFile['format'], TextFile[]] => [FORMATS[host.product], log.files]),
    ];
    const files = written.flatMap(([format, each]) => {
      return each.map(({ path, records }): SimulatedFile => ({ path: relative(out, path), format, records }));
    });
    for (const path of this.mailFiles.paths)
      files.push({ path: relative(out, path), format: 'trace-headers', records: 1 });
    const { slowHes, greylisting, badMailboxHost, storeDown } = this.incidents;
    const facts: Omit<SimulationSummary, 'out'> = {
      messages,
      seed,
      fleet,
      ...span({ from: this.start, to: this.end }),
      ingest: this.ingestCalls(),
      files,
      incidents: {
        slow_hes: span(slowHes),
        greylisting_mx2: span(greylisting),
        bad_mbx2: span(badMailboxHost),
        mbx2_store_down: span(storeDown),
      },
      totals: this.totals,
    };
    writeFileSync(join(out, 'truth.json'), `${JSON.stringify(facts, null, 1)}\n`);
    writeFileSync(join(out, 'README.txt'), readme(facts));
    return { out, ...facts };
  }

  private message(at: Micros): void {
    const share = this.random.float();
    this.totals.messages++;
    if (this.random.chance(0.1)) this.stranger(at);
    // A message that the cut at the end would leave half-told is drawn again.
    const attempt = share < 0.03 ? () => this.direct(at) : share < 0.045 ? () => this.local(at) : () => this.viaHes(at);
    while (!attempt()) this.routing.takeRefusals();
  }

  /** Somebody whom a gateway turns away, or who says nothing. */
  private stranger(at: Micros): void {
    const log = this.log(this.fleet.gateways[this.random.chance(0.5) ? 0 : 1]);
    if (log instanceof PostfixLog) this.totals.blocked += clientNoise(this.random, this.fleet, log, at);
  }

  private viaHes(at: Micros): boolean {
    const { random, end } = this;
    const form = this.periods.form(this.periods.indexOf(at));
    const mail = this.letters.forHes(at, form);
    const given = { received: at, form, client: senderHost(random, mail.sender), mail };
    const transaction = passHes(random, this.fleet, this.incidents, this.routing, given, treatment(random));
    const { visit } = transaction;
    if (visit && !isToldClearly(visit, end)) return false;
    // This form has no time for a failed attempt, so a message stuck at the end has no first attempt that could be known.
    const stuck = (!visit || visit.active >= end) && transaction.refusals.some((refusal) => refusal.at < end);
    if (form === 'csv-last-action' && stuck) return false;
    this.letters.remember(transaction);
    this.tracking.add(transaction);
    for (const refusal of transaction.refusals) {
      this.log(refusal.host).refusal(refusal);
      if (refusal.at < end) this.totals.refused_hes++;
    }
    for (const session of transaction.lostSessions) this.log(session.host).lostSession(session);
    if (visit) this.logVisit(visit);
    this.tell(hesJourneys(transaction, end));
    if (visit && visit.active < end) {
      this.tell(notificationJourneys(visit, end));
      this.offerMailFile(visit, transaction);
    }
    return true;
  }

  private offerMailFile(visit: QueueVisit, transaction: HesTransaction): void {
    // In the other forms the header fields would know more than the tracking, and truth is what the tracking and the logs say.
    if (visit.removed >= this.end || !LINKING_FORMS.has(transaction.form)) return;
    this.mailFiles.offer(visit, transaction.mail, transaction.client, transaction);
  }

  /** A sender that ignores the MX records and talks to a gateway itself. */
  private direct(at: Micros): boolean {
    const { random } = this;
    const mail = this.letters.ordinary(at, [mailbox(random, this.fleet)]);
    const client = senderHost(random, mail.sender);
    const host = entryHost(random, this.fleet, mail.envelope[0], 0.3);
    const visit = this.routing.enter(host, smtpEntry(random, client, at), mail, mail.envelope);
    if (!this.record(visit, 'direct')) return false;
    if (visit.removed < this.end) this.mailFiles.offer(visit, mail, client);
    return true;
  }

  /** Mail of a job on a gateway, through `pickup`: it has waited in the maildrop. */
  private local(at: Micros): boolean {
    const { random } = this;
    const host = this.fleet.gateways[random.chance(0.5) ? 0 : 1];
    const mail = this.letters.ordinary(at, [mailboxAt(random, 'ny.corp.example')], `root@${host.name}`);
    // Usually the maildrop is read at once; where the trigger was lost, at the next scan.
    const waited = random.int(0, random.chance(0.2) ? 55_000 : 400) * MILLISECOND;
    const active = at + random.int(8, 30) * MILLISECOND;
    const entry = { origin: { kind: 'pickup', uid: 0 } as const, arrival: at - waited, opened: at, active };
    return this.record(this.routing.enter(host, entry, mail, mail.envelope), 'pickup');
  }

  private record(visit: QueueVisit, origin: 'direct' | 'pickup'): boolean {
    const retried = origin === 'pickup' && visit.recipients[0].attempts.length > 1;
    if (retried || !isToldClearly(visit, this.end)) return false;
    this.logVisit(visit);
    this.tell(otherJourneys(visit, origin, this.end));
    if (visit.active < this.end) this.tell(notificationJourneys(visit, this.end));
    return true;
  }

  /** Writes a visit and all that follows from it. */
  private logVisit(visit: QueueVisit): void {
    for (const refusal of this.routing.takeRefusals()) this.log(refusal.host).refusal(refusal);
    const written = new Set<QueueVisit>();
    const write = (each: QueueVisit | undefined): void => {
      if (!each || written.has(each)) return;
      written.add(each);
      this.log(each.host).visit(each);
      for (const { next, notification } of each.recipients) [next, notification].forEach(write);
    };
    write(visit);
  }

  private tell(journeys: readonly TrueJourney[]): void {
    for (const journey of journeys) {
      addJourney(this.totals, journey);
      this.truth.write(`${JSON.stringify(journey)}\n`);
      this.truth.records++;
    }
  }

  private hourly(hour: Micros): void {
    for (const log of this.logs.values()) log.hourly(this.random, hour);
  }

  private flush(until: Micros): void {
    for (const log of this.logs.values()) log.flush(until);
    this.tracking.flush(until);
  }

  private log(host: Host): RotatedLog {
    const log = this.logs.get(host);
    if (!log) throw new Error(`no log of ${host.mta}`);
    return log;
  }

  /** What must be read with options of its own is a call of its own; the largest comes last, since each is correlated with what is there. */
  private ingestCalls(): IngestCall[] {
    const { mbx2Zone: zone = 'UTC' } = this.options;
    const own = (host: Host): IngestCall | undefined => {
      const paths = [folderOf(host)];
      if (host.product === 'exim' || host.product === 'microsoft-365') return { paths, timeZone: 'UTC', mta: host.mta };
      return host.mta === 'mbx2' && zone !== 'UTC' ? { paths, timeZone: zone } : undefined;
    };
    const calls = this.fleet.hosts.flatMap((host) => own(host) ?? []);
    const others = this.fleet.hosts.filter((host) => !own(host)).map(folderOf);
    const isPostfix = calls.length === 0;
    return [...calls, { paths: ['hes', ...(isPostfix ? ['postfix'] : others), 'mail'], timeZone: 'UTC' }];
  }
}

/** Folder of a host's log below that of the fleet. */
const folderOf = ({ product, mta }: Host): string =>
  product === 'microsoft-365' ? 'microsoft-365' : join(product, mta);

const FORMATS: Readonly<Record<Host['product'], SimulatedFile['format']>> = {
  postfix: 'postfix',
  sendmail: 'sendmail',
  exim: 'exim',
  exchange: 'exchange-tracking',
  'microsoft-365': 'm365-trace',
};

function logOf(host: Host, place: LogPlace): RotatedLog {
  switch (host.product) {
    case 'postfix':
      return new PostfixLog(host, place);
    case 'sendmail':
      return new SendmailLog(host, place);
    case 'exim':
      return new EximLog(host, place);
    case 'exchange':
      return new ExchangeLog(host, place);
    case 'microsoft-365':
      return new MessageTrace(host, place);
  }
}

const span = ({ from, to }: Interval): { from: string; to: string } => ({ from: isoSecond(from), to: isoSecond(to) });

function treatment(random: Random): HesTreatment {
  const share = random.float();
  if (share < 0.015) return 'sandbox';
  if (share < 0.038) return 'quarantine';
  if (share < 0.04) return 'release';
  if (share < 0.044) return 'delete';
  return share < 0.052 ? 'bounce' : 'deliver';
}
