const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What stands for an unknown value in text for people. */
export const UNKNOWN = '–';

/** Milliseconds as people say them: `15 ms`, `3.0 s`, `8 min 20 s`, `2 h 05 min`, `3 d 4 h`; the unknown as `–`. Rounded to what is shown. */
export function durationText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return UNKNOWN;
  if (ms < 0) return `-${durationText(-ms)}`;
  if (ms < SECOND) return `${ms} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / SECOND);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  const hours = Math.round(ms / HOUR);
  return `${Math.floor((hours * HOUR) / DAY)} d ${hours % 24} h`;
}

/** `12345` → `12,345`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 journey`, `2 journeys`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${countText(count)} ${count === 1 ? noun : plural}`;
}

/** A share as per cent. Never rounded to 100 or 0 when it is not: `99.9 %`, `>99.9 %`, `<0.1 %`. */
export function shareText(share: number | null): string {
  if (share === null) return UNKNOWN;
  if (share === 0 || share === 1) return `${share * 100} %`;
  if (share > 0.999) return '>99.9 %';
  if (share < 0.001) return '<0.1 %';
  return `${(share * 100).toFixed(1)} %`;
}
