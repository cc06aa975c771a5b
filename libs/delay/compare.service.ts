import { type Store } from '../store/store';
import { DIMENSIONS, type Comparison, type Dimension } from './comparison';
import { DelayService } from './delay.service';
import { filterParameters, type JourneyFilter } from './journey-filter';
import { durationColumn, type Segment } from './report';
import { shareDifference, type ValueCounts } from './share-difference';
import { storeTime } from './store-time';

export interface CompareQuestion {
  filter: JourneyFilter & { from: number; to: number };
  segment: Segment;
  /** slow is what took at least this long (without: the 95 % quantile of the range) and less than `maxMs` */
  minMs?: number;
  maxMs?: number;
  /** range of those they are compared with, epoch ms; without: all others of the same range */
  baseline?: { from: number; to: number };
  /** IANA zone of hours and weekdays */
  timeZone: string;
  /** so many values per dimension */
  limit: number;
}

interface Row extends ValueCounts {
  known_slow: number;
  known_rest: number;
}

const STATEMENTS: Readonly<Partial<Record<Dimension, string>>> = {
  recipient_domain: 'queries/compare_property',
  sender_domain: 'queries/compare_property',
  hour: 'queries/compare_property',
  weekday: 'queries/compare_property',
  mta: 'queries/compare_mta',
  reply: 'queries/compare_reply',
  size_class: 'queries/compare_size',
};
/** Sizes of so many others are looked up at most. */
const SIZES = 100_000;
const BEYOND_ALL_MS = '9223372036854775807';
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** What the slow ones have that the others have not. */
export class CompareService {
  constructor(private readonly store: Pick<Store, 'rows'>) {}

  /** Dimensions by how much they surely differ (`share-difference.ts`), each with the values that differ most and the counts behind them. */
  async compare(question: CompareQuestion): Promise<Comparison> {
    const { filter, segment, baseline, maxMs } = question;
    const minMs = question.minMs ?? (await this.slowest(filter, segment));
    const nothing = { min_ms: minMs, max_ms: maxMs ?? null, slow: 0, rest: 0, dimensions: [], not_known: [] };
    if (minMs === null) return nothing;
    const others = baseline ?? filter;
    const parameters = {
      ...filterParameters({
        ...filter,
        from: Math.min(filter.from, others.from),
        to: Math.max(filter.to, others.to),
      }),
      slow_from: storeTime(filter.from),
      slow_to: storeTime(filter.to),
      rest_from: storeTime(others.from),
      rest_to: storeTime(others.to),
      duration: durationColumn(segment),
      min_ms: minMs,
      max_ms: maxMs ?? BEYOND_ALL_MS,
      tz: question.timeZone,
    };
    const [counts] = await this.store.rows<{ slow: number; rest: number }>('queries/compare_counts', parameters);
    if (counts.slow === 0 || counts.rest === 0) return { ...nothing, ...counts };
    const one_of = Math.max(1, Math.ceil(counts.rest / SIZES));
    const answers = await Promise.all(
      DIMENSIONS.map(async (dimension) => {
        const statement = STATEMENTS[dimension];
        const rows = statement ? await this.store.rows<Row>(statement, { ...parameters, dimension, one_of }) : [];
        return { dimension, rows };
      }),
    );
    const dimensions = answers.flatMap(({ dimension, rows }) => compared(dimension, rows, question.limit));
    const known = new Set(dimensions.map(({ dimension }) => dimension));
    return {
      min_ms: minMs,
      max_ms: maxMs ?? null,
      ...counts,
      dimensions: dimensions.sort((a, b) => b.score - a.score),
      not_known: DIMENSIONS.filter((dimension) => !known.has(dimension)),
    };
  }

  private async slowest(filter: JourneyFilter, segment: Segment): Promise<number | null> {
    const figures = await new DelayService(this.store).figures(filter, [segment]);
    return figures[segment].p95_ms;
  }
}

function compared(dimension: Dimension, rows: readonly Row[], limit: number): Comparison['dimensions'] {
  const [first] = rows;
  const told = rows.some(({ value }) => value !== '' && value !== null);
  if (!first || !told || first.known_slow === 0 || first.known_rest === 0) return [];
  const values = rows
    .map((row) => ({ ...shareDifference(row, first.known_slow, first.known_rest), value: shown(dimension, row.value) }))
    .map(({ slow, rest, value, ...shares }) => ({ value, slow, rest, ...shares }))
    .sort(
      (a, b) =>
        b.surely - a.surely ||
        b.difference - a.difference ||
        b.slow - a.slow ||
        (a.value ?? '').localeCompare(b.value ?? ''),
    );
  // What is rarer among the slow ones can tell as much: the strongest of both sides, more common ones first.
  const strongest = new Set([...values].sort((a, b) => Math.abs(b.surely) - Math.abs(a.surely)).slice(0, limit));
  const score = Math.max(0, ...values.map(({ surely }) => surely));
  const known = { slow: first.known_slow, rest: first.known_rest };
  return [{ dimension, score, known, values: values.filter((value) => strongest.has(value)) }];
}

function shown(dimension: Dimension, value: string | null): string | null {
  if (value === '' || value === null) return null;
  if (dimension === 'weekday') return WEEKDAYS[Number(value) - 1];
  return dimension === 'size_class' ? value.slice(2) : value;
}
