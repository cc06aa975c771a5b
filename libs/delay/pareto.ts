/** What made mail late, and its part of the delay. */
export interface ParetoCause {
  /** verdict of the delay model §3, other than `none` and `not_via_hes` */
  verdict: string;
  journeys: number;
  /** `total_ms` of these journeys together */
  delay_ms: number;
  /** of the delay of all mail, late or not; null when that is not positive */
  share_of_delay: number | null;
  /** of this cause and all before it */
  cumulated_share: number | null;
}

/** Causes of some mail, the largest part of the delay first. */
export interface ParetoFigures {
  /** all journeys whose total is known, late or not */
  journeys: number;
  delay_ms: number;
  causes: ParetoCause[];
}

/** Which causes have which part of the delay (delay model §6): of everything, per month, and of the recipient domains with the largest delay. */
export interface Pareto extends ParetoFigures {
  /** by first moment, ISO 8601 UTC; months without mail are left out */
  months: ({ at: string } & ParetoFigures)[];
  domains: ({ recipient_domain: string } & ParetoFigures)[];
}
