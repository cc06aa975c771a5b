import { type ValueDifference } from './share-difference';

/** What slow journeys are compared by, in the order in which equals are shown. */
export const DIMENSIONS = [
  'recipient_domain',
  'sender_domain',
  'mta',
  'reply',
  'tls',
  'size_class',
  'hour',
  'weekday',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface Comparison {
  min_ms: number | null;
  max_ms: number | null;
  slow: number;
  rest: number;
  dimensions: {
    dimension: Dimension;
    score: number;
    known: { slow: number; rest: number };
    values: ValueDifference[];
  }[];
  not_known: Dimension[];
}
