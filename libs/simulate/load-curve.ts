import { HOUR, type Micros } from './clock';
import type { Random } from './random';

/** Mail per hour of a working day (UTC), as shares of its busiest hour. */
const HOURS = [
  0.08, 0.06, 0.05, 0.05, 0.08, 0.15, 0.35, 0.65, 0.95, 1, 0.95, 0.85, 0.7, 0.85, 0.9, 0.85, 0.7, 0.5, 0.35, 0.28, 0.24,
  0.2, 0.15, 0.1,
];
/** Sunday to Saturday */
const WEEKDAYS = [0.18, 1.05, 1.1, 1.05, 1, 0.9, 0.25];

/** Share of an hour's mail against the busiest hour of an ordinary day. */
export function load(time: Micros): number {
  const date = new Date(time / 1000);
  return HOURS[date.getUTCHours()] * WEEKDAYS[date.getUTCDay()];
}

/**
 * `count` arrivals in [from, to), in time order, along the daily and weekly curve. One hour at a time, so that memory does not
 * grow with `count`. `from` and `to` are whole hours apart.
 */
export function* arrivals(random: Random, count: number, from: Micros, to: Micros): Generator<Micros> {
  let total = 0;
  for (let hour = from; hour < to; hour += HOUR) total += load(hour);
  let reached = 0;
  let given = 0;
  for (let hour = from; hour < to; hour += HOUR) {
    reached += load(hour);
    const due = hour + HOUR >= to ? count : Math.round((count * reached) / total);
    const times = Array.from({ length: due - given }, () => hour + Math.floor(random.float() * HOUR));
    given = due;
    yield* times.sort((a, b) => a - b);
  }
}
