import { MILLISECOND, SECOND, type Micros } from './clock';

/**
 * `delay=` and the parts of `delays=` as Postfix prints them (format_tv: two significant digits, nothing finer than 10 ms,
 * half rounds up, trailing zeros cut): 0.004 s → `0`, 0.0951 s → `0.1`, 2.04 s → `2`, 9.96 s → `10`, 26.4 s → `26`.
 */
export function delayText(duration: Micros): string {
  const unit = delayUnit(duration);
  const rounded = Math.floor((duration + unit / 2) / unit) * unit;
  const whole = Math.floor(rounded / SECOND);
  const fraction = rounded % SECOND;
  if (fraction < unit) return String(whole);
  return `${whole}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`;
}

/** What a reader of {@link delayText} gets, in ms. */
export function printedDelayMs(duration: Micros): number {
  return Math.round(Number(delayText(duration)) * 1000);
}

function delayUnit(duration: Micros): Micros {
  if (duration < SECOND) return 10 * MILLISECOND;
  if (duration < 10 * SECOND) return 100 * MILLISECOND;
  return SECOND;
}
