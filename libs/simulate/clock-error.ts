import { MILLISECOND, type Micros } from './clock';

/** How the clock of a host differs from the true time: ms that it is ahead (negative: behind). */
export interface ClockError {
  /** at the begin of the simulation */
  readonly offsetMs: number;
  /** what it gains, in parts per million: 1 is 3.6 ms an hour */
  readonly driftPpm?: number;
  /** jumps: from this true time (epoch ms) on it is so many ms further ahead */
  readonly steps?: readonly { readonly atMs: number; readonly byMs: number }[];
}

/** What the clock of a host shows at a true time. */
export type HostClock = (time: Micros) => Micros;

/** By how many ms a clock is ahead at a true time (epoch ms), in a simulation that begins at `startMs`. */
export function aheadMs({ offsetMs, driftPpm = 0, steps = [] }: ClockError, startMs: number, atMs: number): number {
  const jumped = steps.reduce((sum, step) => sum + (atMs >= step.atMs ? step.byMs : 0), 0);
  return offsetMs + ((atMs - startMs) * driftPpm) / 1_000_000 + jumped;
}

/** The clock of a host whose error is given; a right one without. */
export function hostClock(error: ClockError | undefined, start: Micros): HostClock {
  if (!error) return (time) => time;
  return (time) => time + Math.round(aheadMs(error, start / MILLISECOND, time / MILLISECOND) * MILLISECOND);
}
