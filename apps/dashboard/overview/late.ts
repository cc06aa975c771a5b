/** Mail that is late, out of what can be judged; counts of journeys. */
export interface Late {
  readonly late: number;
  readonly judged: number;
  /** the causes, the commonest first */
  readonly causes: readonly (readonly [verdict: string, count: number])[];
}

/** Sorts the verdicts of a summary (delay model §3): `none` is not late; what did not pass HES is not judged at all. */
export function lateOf(verdicts: Readonly<Record<string, number>>): Late {
  const causes = Object.entries(verdicts)
    .filter(([verdict, count]) => verdict !== 'none' && verdict !== 'not_via_hes' && count > 0)
    .sort(([a, most], [b, least]) => least - most || (a < b ? -1 : 1));
  const late = causes.reduce((sum, [, count]) => sum + count, 0);
  return { late, judged: late + (verdicts.none ?? 0), causes };
}
