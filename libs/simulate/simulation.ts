import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { DAY, HOUR, MILLISECOND, isoSecond, type Micros } from './clock';
import { HOSTS, MX1, MX2, mailbox, mailboxAt, senderHost, type PostfixHost } from './fleet';
import { hostClock, type HostClock } from './clock-error';
import { ExportPeriods, LINKING_FORMS } from './hes-forms';
import { HesTracking } from './hes-tracking';
import { passHes, type HesTransaction, type HesTreatment } from './hes-transaction';
import { Incidents, type Interval } from './incidents';
import { Letters } from './letters';
import { arrivals } from './load-curve';
import { MailFiles } from './mail-files';
import { clientNoise, hourlyNoise } from './noise';
import { PostfixLog } from './postfix-log';
import { isToldClearly, type QueueVisit } from './postfix-visit';
import { Random } from './random';
import { readme } from './readme';
import { Routing, smtpEntry } from './routing';
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
  private readonly logs: ReadonlyMap<PostfixHost, PostfixLog>;
  private readonly tracking: HesTracking;
  private readonly mailFiles: MailFiles;
  private readonly truth: TextFile;
  private readonly totals = emptyTotals();

  constructor(
    private readonly options: SimulationOptions,
    private readonly start: Micros,
  ) {
    const { out, messages, seed, days, mbx2Zone, clockErrors = {} } = options;
    const clock = (host: PostfixHost): HostClock => hostClock(clockErrors[host.name], start);
    this.end = start + days * DAY;
    this.random = new Random(seed);
    this.incidents = new Incidents(start, this.end);
    this.periods = new ExportPeriods(start, this.end);
    this.routing = new Routing(this.random, this.incidents);
    this.letters = new Letters(this.random);
    this.tracking = new HesTracking(join(out, 'hes'), this.periods, this.end, messages > 200_000 ? 5000 : 500);
    this.mailFiles = new MailFiles(join(out, 'mail'), new Random(seed + 1), clock);
    this.truth = new TextFile(join(out, 'truth.ndjson'));
    this.truth.modified = this.end;
    const noise = new Random(seed + 2);
    this.logs = new Map(
      HOSTS.map((host) => {
        const zone = (host.name === 'mbx2' && mbx2Zone) || 'UTC';
        const folder = join(out, 'postfix', host.name);
        return [host, new PostfixLog(host, folder, zone, start, this.end, noise, clock(host))];
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
    const { out, messages, seed } = this.options;
    this.tracking.close();
    for (const log of this.logs.values()) log.close();
    this.truth.close();
    const written: [SimulatedFile['format'], TextFile[]][] = [
      ['trend-email-security', this.tracking.files],
      ...[...this.logs.values()].map((log): [SimulatedFile['format'], TextFile[]] => ['postfix', log.files]),
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
    if (this.random.chance(0.1))
      this.totals.blocked += clientNoise(this.random, this.log(this.random.chance(0.5) ? MX1 : MX2), at);
    // A message that the cut at the end would leave half-told is drawn again.
    const attempt = share < 0.03 ? () => this.direct(at) : share < 0.045 ? () => this.local(at) : () => this.viaHes(at);
    while (!attempt()) this.routing.takeRefusals();
  }

  private viaHes(at: Micros): boolean {
    const { random, end } = this;
    const form = this.periods.form(this.periods.indexOf(at));
    const mail = this.letters.forHes(at, form);
    const given = { received: at, form, client: senderHost(random, mail.sender), mail };
    const transaction = passHes(random, this.incidents, this.routing, given, treatment(random));
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
    const mail = this.letters.ordinary(at, [mailbox(random)]);
    const client = senderHost(random, mail.sender);
    const visit = this.routing.gateway(
      random.chance(0.3) ? MX1 : MX2,
      smtpEntry(random, client, at),
      mail,
      mail.envelope,
    );
    if (!this.record(visit, 'direct')) return false;
    if (visit.removed < this.end) this.mailFiles.offer(visit, mail, client);
    return true;
  }

  /** Mail of a job on a gateway, through `pickup`: it has waited in the maildrop. */
  private local(at: Micros): boolean {
    const { random } = this;
    const host = random.chance(0.5) ? MX1 : MX2;
    const mail = this.letters.ordinary(at, [mailboxAt(random, 'ny.corp.example')], `root@${host.domainName}`);
    // Usually the maildrop is read at once; where the trigger was lost, at the next scan.
    const waited = random.int(0, random.chance(0.2) ? 55_000 : 400) * MILLISECOND;
    const active = at + random.int(8, 30) * MILLISECOND;
    const entry = { origin: { kind: 'pickup', uid: 0 } as const, arrival: at - waited, opened: at, active };
    return this.record(this.routing.gateway(host, entry, mail, mail.envelope), 'pickup');
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
    for (const [host, log] of this.logs) hourlyNoise(this.random, host, log, hour);
  }

  private flush(until: Micros): void {
    for (const log of this.logs.values()) log.flush(until);
    this.tracking.flush(until);
  }

  private log(host: PostfixHost): PostfixLog {
    const log = this.logs.get(host);
    if (!log) throw new Error(`no log of ${host.name}`);
    return log;
  }

  private ingestCalls(): IngestCall[] {
    const zone = this.options.mbx2Zone;
    if (!zone || zone === 'UTC') return [{ paths: ['hes', 'postfix', 'mail'], timeZone: 'UTC' }];
    const others = HOSTS.filter(({ name }) => name !== 'mbx2').map(({ name }) => `postfix/${name}`);
    return [
      { paths: ['hes', ...others, 'mail'], timeZone: 'UTC' },
      { paths: ['postfix/mbx2'], timeZone: zone },
    ];
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
