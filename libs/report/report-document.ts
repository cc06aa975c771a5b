import { BreakdownService } from '../delay/breakdown.service';
import type { BreakdownValue } from '../delay/breakdown';
import type { Bucket } from '../delay/delay-buckets';
import { DelayService, type HistogramCell, type TimelineFigures } from '../delay/delay.service';
import { JourneyService, type JourneyAccount } from '../delay/journey.service';
import { type Report } from '../delay/report';
import { ReportService, type ReportOptions } from '../delay/report.service';
import { ClockService } from '../delay/clocks/clock.service';
import { clockText } from '../delay/clocks/clock-text';
import type { Rows } from '../delay/clocks/corrected-store';
import type { Store } from '../store/store';
import type { Changes } from './issued/manifest';

/** The segments that a document draws: what the question is about. */
export const DRAWN = ['hes', 'downstream'] as const;
export type Drawn = (typeof DRAWN)[number];

const MOST_DOMAINS = 15;
const MOST_EXCEPTIONS = 10;
/** Events of one exception; a list of thousands would be no evidence anybody reads. */
const MOST_EVIDENCE = 30;

/** A histogram, or one per interval. */
export interface Histogram {
  readonly buckets: readonly Bucket[];
  readonly cells: readonly HistogramCell[];
}

/** A slow journey with the lines that prove it. */
export interface Exception {
  readonly account: JourneyAccount;
  /** events that are not shown */
  readonly more: number;
}

/** What a report says of itself where it was issued. */
export interface IssuedNote {
  readonly id: string;
  readonly revision: number;
  /** ISO 8601 UTC */
  readonly issued_at: string;
  /** what fed the period: inputs, their events, and inputs whose hash is not known; the manifest names each */
  readonly inputs: { readonly count: number; readonly events: number; readonly without_hash: number };
  /** against the revision before; null of the first */
  readonly changes: Changes | null;
}

/** A report with all that its pages show besides its figures. */
export interface ReportDocument {
  readonly report: Report;
  readonly distribution: Histogram;
  /** per day or hour, as the report's time line, one bucket an octave */
  readonly overTime: Histogram;
  readonly months: readonly TimelineFigures[];
  readonly domains: readonly BreakdownValue[];
  readonly exceptions: readonly Exception[];
  /** program, engine and settings that the figures rest on, by name */
  readonly method: Readonly<Record<string, string>>;
  /** left out where the report is only shown */
  readonly issued?: IssuedNote;
}

/** Collects a report and what its pages show, from the journeys of a filter. */
export class ReportDocumentService {
  constructor(
    private readonly store: Pick<Store, 'rows'>,
    private readonly clocks = new ClockService(store),
  ) {}

  async document(options: ReportOptions, verdictThresholdMs: number): Promise<ReportDocument> {
    const { filter, timeZone, version, clock = 'raw' } = options;
    const { report, slowestAt } = await new ReportService(this.store, this.clocks).withPlaces(options);
    const store = await this.clocks.storeFor(clock, filter);
    const delays = new DelayService(store);
    const over = { interval: report.interval, timeZone };
    const { values } = await new BreakdownService(store).breakdown(filter, 'recipient_domain', 'total', MOST_DOMAINS);
    const [{ engine }] = await this.store.rows<{ engine: string }>({ sql: 'SELECT version() AS engine' });
    return {
      report,
      distribution: await delays.histogram(filter, DRAWN, 4),
      overTime: await delays.histogram(filter, DRAWN, 1, over),
      months: await delays.timeline(filter, 'month', timeZone, DRAWN),
      domains: values.filter(({ count }) => count > 0),
      exceptions: await exceptions(store, report, slowestAt),
      method: {
        'Hoptime version': version,
        'engine (ClickHouse)': engine,
        'threshold of a verdict': `${verdictThresholdMs} ms`,
        clocks: clockText(report),
        quantiles: 'exact, nearest rank',
      },
    };
  }
}

async function exceptions(store: Rows, { slowest }: Report, slowestAt: readonly number[]): Promise<Exception[]> {
  const known = slowest
    .slice(0, MOST_EXCEPTIONS)
    .flatMap(({ message_id, recipient, total_ms }, i) =>
      message_id === null
        ? []
        : [{ messageId: message_id, recipient: recipient ?? '', totalMs: total_ms, at: slowestAt[i] }],
    );
  const accounts = await new JourneyService(store).accountsOfKnown(known);
  return accounts.map((account) => ({
    account: { ...account, events: account.events.slice(0, MOST_EVIDENCE) },
    more: Math.max(0, account.events.length - MOST_EVIDENCE),
  }));
}
