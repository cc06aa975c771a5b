import { type Clock } from '../delay/clocks/clock.service';
import { type JourneyFilter } from '../delay/journey-filter';
import { givenFilters } from '../delay/report.service';
import { usualInterval, type Interval } from '../delay/delay.service';
import type { z } from 'zod';
import { badRequest } from './query.pipe';
import { ProblemError } from './problem-error';
import type { RangeOnlyQuery } from './schemas/requests';

type RangeValues = z.output<typeof RangeOnlyQuery>;

/** What was asked of a range: the filter, and the head that its answer repeats. */
export interface RangeQuestion {
  readonly filter: JourneyFilter & { from: number; to: number };
  readonly timeZone: string;
  readonly clock: Clock;
  head(exact: boolean): {
    from: string;
    to: string;
    tz: string;
    clock: Clock;
    exact: boolean;
    filters: Record<string, string[]>;
  };
}

/** @throws ProblemError for a range that ends before it begins */
export function rangeQuestion(query: RangeValues): RangeQuestion {
  const { from, to, tz, clock, ...filters } = query;
  if (from >= to) throw badRequest([{ parameter: 'to', detail: 'to must lie after from' }]);
  const filter = { from, to, ...only(filters) };
  return {
    filter,
    timeZone: tz,
    clock,
    head: (exact) => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      tz,
      clock,
      exact,
      filters: givenFilters(filter),
    }),
  };
}

/** The filters among the parameters; the other parameters of a request are none. */
function only(values: Omit<RangeValues, 'from' | 'to' | 'tz' | 'clock'>): JourneyFilter {
  const { recipient_domain, sender_domain, mta, direction, state, verdict, via_hes } = values;
  return { recipient_domain, sender_domain, mta, direction, state, verdict, via_hes };
}

const LENGTH_MS: Readonly<Record<Interval, number>> = { hour: 3_600_000, day: 86_400_000, month: 28 * 86_400_000 };
const MOST_INTERVALS = 2500;

/** The interval asked for, or the usual one of the range. @throws ProblemError 422 when there would be too many of them */
export function intervalOf(asked: Interval | undefined, { filter: { from, to } }: RangeQuestion): Interval {
  const interval = asked ?? usualInterval(from, to);
  const length = to - from;
  if (asked === undefined && length / LENGTH_MS.day > MOST_INTERVALS) return 'month';
  if (length / LENGTH_MS[interval] > MOST_INTERVALS) {
    throw new ProblemError(
      422,
      `The range holds more than ${MOST_INTERVALS} ${interval}s: ask for a longer interval or a shorter range.`,
      { parameter: 'interval' },
    );
  }
  return interval;
}
