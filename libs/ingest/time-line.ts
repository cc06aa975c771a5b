import { takenAt, type Leg } from './leg';
import { compareText } from './link-candidate';

interface Moment {
  readonly time: number;
  readonly legs: Leg[];
}

/** Legs by time, walked from the nearest to the farthest. */
export class TimeLine {
  private endings: Moment[] | undefined;
  private beginnings: Moment[] | undefined;

  constructor(private readonly legs: readonly Leg[]) {}

  /** Legs whose end is known and at most `limit` ms from `time`: the nearest end first, of two as near the earlier. */
  *ended(time: number, limit: number): Generator<Leg> {
    this.endings ??= moments(
      this.legs.filter((leg) => leg.endedAt !== null),
      (leg) => leg.endedAt ?? 0,
    );
    let right = firstAfter(this.endings, time);
    let left = right - 1;
    for (;;) {
      const before = left >= 0 ? time - this.endings[left].time : Infinity;
      const after = right < this.endings.length ? this.endings[right].time - time : Infinity;
      if (Math.min(before, after) > limit) return;
      yield* this.endings[before <= after ? left-- : right++].legs;
    }
  }

  /** Legs whose end is not known: first those begun at or before `time`, the latest first; then those begun after it. */
  *open(time: number): Generator<Leg> {
    this.beginnings ??= moments(
      this.legs.filter((leg) => leg.endedAt === null),
      takenAt,
    );
    const after = firstAfter(this.beginnings, time);
    for (let i = after - 1; i >= 0; i--) yield* this.beginnings[i].legs;
    for (let i = after; i < this.beginnings.length; i++) yield* this.beginnings[i].legs;
  }
}

function moments(legs: readonly Leg[], timeOf: (leg: Leg) => number): Moment[] {
  const sorted = [...legs].sort(
    (a, b) => timeOf(a) - timeOf(b) || (a.endedAt ?? a.begunAt) - (b.endedAt ?? b.begunAt) || compareText(a.id, b.id),
  );
  const found: Moment[] = [];
  for (const leg of sorted) {
    const last = found.at(-1);
    if (last?.time === timeOf(leg)) last.legs.push(leg);
    else found.push({ time: timeOf(leg), legs: [leg] });
  }
  return found;
}

function firstAfter(sorted: readonly Moment[], time: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle].time > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
