/** How many durations of this length (ms) ended, and how many had lasted so long when they were last heard of. */
export interface DurationCount {
  readonly ms: number;
  readonly ended: number;
  readonly in_flight: number;
}

/** A value with its confidence band; null: the estimate or that end of its band is beyond all that was observed. */
export interface Band {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Two-sided 99 %: the band is pointwise. */
export const CONFIDENCE = 0.99;
const Z = 2.5758293035489004;
/** Shares are sums of floating point. */
const HAIR = 1e-9;

interface Step {
  readonly ms: number;
  /** share that lasts longer, with its band */
  readonly longer: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Kaplan–Meier estimate of the distribution of durations some of which have not ended yet (JASA 53, 1958), with Greenwood's variance and the
 * log-log transform for the band (Borgan and Liestøl 1990), so that it stays between 0 and 1. Without durations in flight the shares are the plain ones
 * and quantiles the nearest rank. It takes for granted that how long mail has been watched says nothing of how long it takes.
 */
export class KaplanMeier {
  readonly ended: number;
  readonly inFlight: number;
  private readonly steps: readonly Step[];

  /** @param counts in any order; of equal length, ended ones come before those in flight */
  constructor(counts: readonly DurationCount[]) {
    const sorted = [...counts].sort((a, b) => a.ms - b.ms);
    const sum = (field: 'ended' | 'in_flight'): number => sorted.reduce((all, count) => all + count[field], 0);
    this.ended = sum('ended');
    this.inFlight = sum('in_flight');
    this.steps = stepsOf(sorted, this.ended + this.inFlight);
  }

  /** The smallest length at which at least `share` of all have ended. */
  quantile(share: number): Band {
    const first = (field: 'longer' | 'lower' | 'upper'): number | null =>
      this.steps.find((step) => step[field] <= 1 - share + HAIR)?.ms ?? null;
    // where few last so long, the quantile is early: the lower band of "longer" gives its lower end
    return { value: first('longer'), lower: first('lower'), upper: first('upper') };
  }

  /** The share that ends in strictly less than `ms`; null without any duration. */
  shareUnder(ms: number): Band {
    if (this.ended + this.inFlight === 0) return { value: null, lower: null, upper: null };
    const last = this.steps.findLast((step) => step.ms < ms);
    if (!last) return { value: 0, lower: 0, upper: 0 };
    return { value: 1 - last.longer, lower: 1 - last.upper, upper: 1 - last.lower };
  }
}

function stepsOf(sorted: readonly DurationCount[], all: number): Step[] {
  const steps: Step[] = [];
  let atRisk = all;
  let longer = 1;
  let greenwood = 0;
  for (let i = 0; i < sorted.length;) {
    const { ms } = sorted[i];
    let ended = 0;
    let leaving = 0;
    for (; i < sorted.length && sorted[i].ms === ms; i++) {
      ended += sorted[i].ended;
      leaving += sorted[i].ended + sorted[i].in_flight;
    }
    if (ended > 0) {
      longer *= (atRisk - ended) / atRisk;
      greenwood += ended / (atRisk * (atRisk - ended));
      steps.push({ ms, longer, ...bandOf(longer, greenwood, steps[steps.length - 1]?.upper ?? 1) });
    }
    atRisk -= leaving;
  }
  return steps;
}

function bandOf(longer: number, greenwood: number, before: number): { lower: number; upper: number } {
  // the last one has ended: Greenwood's sum has no end, and the band stays as wide as before
  if (longer <= 0) return { lower: 0, upper: before };
  const spread = (Z * Math.sqrt(greenwood)) / Math.abs(Math.log(longer));
  return { lower: longer ** Math.exp(spread), upper: longer ** Math.exp(-spread) };
}
