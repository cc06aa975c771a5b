import { isIanaZone } from '../../libs/delay/local-time';
import { parseBound } from '../../libs/delay/time-range';
import { UsageError } from './failure';

/** `--from`, `--to` and `--tz`, as they were typed. */
export interface RangeOptions {
  from?: string;
  to?: string;
  tz?: string;
}

/** The half-open range of `--from` and `--to`, epoch ms. @throws UsageError for what is no time, and for an empty range */
export function rangeOf(options: RangeOptions): { from: number | undefined; to: number | undefined } {
  const timeZone = options.tz ?? 'UTC';
  const from = bound('--from', options.from, timeZone);
  const to = bound('--to', options.to, timeZone);
  if (from !== undefined && to !== undefined && from >= to) throw new UsageError('--from must lie before --to');
  return { from, to };
}

/** The value of `--tz`. @throws UsageError for what is no IANA zone */
export function zoneOf(text: string): string {
  if (isIanaZone(text)) return text;
  throw new UsageError(`--tz: ${JSON.stringify(text)} is no IANA time zone such as Europe/Berlin`);
}

function bound(flag: string, text: string | undefined, timeZone: string): number | undefined {
  if (text === undefined) return undefined;
  const parsed = parseBound(text, timeZone);
  if (typeof parsed === 'number') return parsed;
  throw new UsageError(`${flag}: ${parsed.problem}`);
}
