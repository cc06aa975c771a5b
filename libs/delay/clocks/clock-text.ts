import { countText, counted, durationText } from '../duration-text';
import { type Report } from '../report';

/** What a report says of its clocks, in one or two sentences. */
export function clockText({ clock, clock_correction: correction }: Pick<Report, 'clock' | 'clock_correction'>): string {
  if (clock === 'raw' || correction === null) return 'raw: times as each log tells them, not corrected';
  const { reference, corrected, one_clock, not_correctable, p50_ms, p95_ms, max_ms, negative } = correction;
  if (reference === null) return 'nothing was corrected: no transfer compares two clocks';
  const sizes =
    corrected === 0
      ? ''
      : `, by ${durationText(p50_ms)} at the median, ${durationText(p95_ms)} at 95 %, ${durationText(max_ms)} at most`;
  const below = negative === 0 ? '' : ` ${counted(negative, 'journey')} with a figure below 0: nothing is cut off.`;
  return `corrected, the clock of ${reference} counts as right: ${counted(corrected, 'journey')}${sizes}; ${countText(one_clock)} on one clock or without figures; ${countText(not_correctable)} not correctable, their figures are raw.${below}`;
}
