/** How often a value occurs among slow journeys and among the others. */
export interface ValueCounts {
  value: string | null;
  slow: number;
  rest: number;
}

export interface ValueDifference extends ValueCounts {
  share_of_slow: number;
  share_of_rest: number;
  /** share_of_slow − share_of_rest */
  difference: number;
  /** what remains of the difference at the end of its 95 % interval that is nearer to 0; 0 where it may be chance */
  surely: number;
}

const Z_95 = 1.959963984540054;

/**
 * Compares shares. Values are ranked by what surely differs, so that neither a rare value nor a small sample comes first by chance. The
 * interval is Newcombe's for the difference of two proportions, from Wilson's for each (R. G. Newcombe, Statistics in Medicine 17, 1998,
 * method 10).
 */
export function shareDifference({ value, slow, rest }: ValueCounts, ofSlow: number, ofRest: number): ValueDifference {
  const share_of_slow = ofSlow === 0 ? 0 : slow / ofSlow;
  const share_of_rest = ofRest === 0 ? 0 : rest / ofRest;
  const difference = share_of_slow - share_of_rest;
  const base = { value, slow, rest, share_of_slow, share_of_rest, difference };
  if (ofSlow === 0 || ofRest === 0) return { ...base, surely: 0 };
  const [lowSlow, highSlow] = wilson(share_of_slow, ofSlow);
  const [lowRest, highRest] = wilson(share_of_rest, ofRest);
  const low = difference - Math.hypot(share_of_slow - lowSlow, highRest - share_of_rest);
  const high = difference + Math.hypot(highSlow - share_of_slow, share_of_rest - lowRest);
  return { ...base, surely: low > 0 ? low : high < 0 ? high : 0 };
}

/** Wilson's 95 % interval of a share that was seen in n. */
function wilson(share: number, n: number): [low: number, high: number] {
  const z2 = Z_95 ** 2;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z_95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
