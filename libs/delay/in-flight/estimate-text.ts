import { countText, durationText, shareText } from '../duration-text';
import { type Report, type Segment } from '../report';
import { type Band } from './kaplan-meier';

/** A row of the table of estimates; the last column bounds the share by all that is not known. */
export type EstimateRow = readonly string[];

export const ESTIMATE_TITLES = [
  'in flight',
  'median',
  '95 %',
  '< 5 min',
  'not known',
  '< 5 min: worst to best',
] as const;
const LIMIT = '300000';

/** `12.0 s (10.0 s–14.0 s)`; an end beyond all that was observed is open. */
const durationBand = ({ value, lower, upper }: Band): string =>
  value === null && lower === null
    ? '–'
    : `${openText(value)} (${openText(lower)}–${upper === null ? '…' : durationText(upper)})`;
const openText = (ms: number | null): string => (ms === null ? '…' : durationText(ms));
const shareBand = ({ value, lower, upper }: Band): string =>
  value === null ? '–' : `${shareText(value)} (${shareText(lower)}–${shareText(upper)})`;

/** What the segments are with mail in flight counted in, one row per segment that has an estimate. */
export function estimateRows({ estimates }: Pick<Report, 'estimates'>): (readonly [Segment, EstimateRow])[] {
  return (Object.keys(estimates) as Segment[]).flatMap((segment) => {
    const estimate = estimates[segment];
    const curve = estimate?.kaplan_meier;
    if (!estimate || !curve) return [];
    const bounds = estimate.share_bounds[LIMIT];
    return [
      [
        segment,
        [
          countText(curve.in_flight),
          durationBand(curve.quantiles.p50_ms),
          durationBand(curve.quantiles.p95_ms),
          shareBand(curve.share_under[LIMIT]),
          countText(estimate.unknown),
          bounds ? `${shareText(bounds.worst)} to ${shareText(bounds.best)}` : '–',
        ],
      ] as const,
    ];
  });
}

/** What the table says, under it. */
export const ESTIMATE_NOTE =
  'Kaplan-Meier: mail in flight counts with the time it has taken so far; in brackets the 99 % band (… = beyond all that was seen). Worst and best: if all that is in flight or not found again were slower, or faster.';
