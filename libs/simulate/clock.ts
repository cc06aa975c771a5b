/**
 * Time inside the simulation: whole microseconds since the epoch, UTC ({@link Micros}), because Postfix logs and queue ids carry
 * microseconds. What a file says is coarser; truth is computed from the coarser value (delay model §3: what is knowable).
 */
export type Micros = number;

export const MILLISECOND = 1000;
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Seconds (any fraction) as whole microseconds. */
export const seconds = (value: number): Micros => Math.round(value * SECOND);

/** The stamp as epoch ms that a logger of this resolution (in ms, 1 or 1000) leaves behind: loggers cut, they do not round. */
export function stampMs(time: Micros, resolutionMs: number): number {
  return Math.floor(time / (resolutionMs * MILLISECOND)) * resolutionMs;
}

/** `2026-03-02T09:11:12Z` */
export const isoSecond = (time: Micros): string => `${isoWholeSecond(time)}Z`;

/** `2026-03-02T09:11:12` of the second that holds `time`. */
export function isoWholeSecond(time: Micros): string {
  const second = Math.floor(time / SECOND);
  if (second !== cachedSecond) {
    cachedSecond = second;
    cachedText = new Date(second * 1000).toISOString().slice(0, 19);
  }
  return cachedText;
}
let cachedSecond = Number.NaN;
let cachedText = '';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** RFC 5424 stamp with microseconds, as rsyslog's `RSYSLOG_FileFormat` writes it: `2026-03-02T09:11:12.123456+00:00`. */
export function isoMicros(time: Micros): string {
  return `${isoWholeSecond(time)}.${String(time % SECOND).padStart(6, '0')}+00:00`;
}

/** RFC 3164 stamps (`Mar  2 09:11:12`) in the local time of an IANA zone. */
export class Rfc3164Stamps {
  private readonly zoneHours: Intl.DateTimeFormat | undefined;
  private hour = Number.NaN;
  private offsetMs = 0;
  private second = Number.NaN;
  private text = '';

  constructor(zone: string) {
    if (zone === 'UTC') return;
    this.zoneHours = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  }

  stamp(time: Micros): string {
    const second = Math.floor(time / SECOND);
    if (second === this.second) return this.text;
    this.second = second;
    const local = new Date(second * 1000 + this.offsetAt(second * 1000));
    const day = String(local.getUTCDate()).padStart(2, ' ');
    this.text = `${MONTHS[local.getUTCMonth()]} ${day} ${local.toISOString().slice(11, 19)}`;
    return this.text;
  }

  private offsetAt(epochMs: number): number {
    if (!this.zoneHours) return 0;
    const hour = Math.floor(epochMs / 3_600_000);
    if (hour !== this.hour) {
      this.hour = hour;
      const part = this.zoneHours.formatToParts(epochMs).find((each) => each.type === 'timeZoneName');
      const match = /GMT([+-])(\d\d):(\d\d)/.exec(part?.value ?? '');
      const minutes = match ? Number(match[2]) * 60 + Number(match[3]) : 0;
      this.offsetMs = (match?.[1] === '-' ? -minutes : minutes) * 60_000;
    }
    return this.offsetMs;
  }
}

/** RFC 5322 date-time at a fixed offset: `Mon, 02 Mar 2026 09:11:12 +0000 (UTC)`. */
export function rfc5322(time: Micros, offsetMinutes: number, comment: string): string {
  const d = new Date(Math.floor(time / SECOND) * 1000 + offsetMinutes * 60_000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.abs(offsetMinutes);
  const offset = `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
  const date = `${WEEKDAYS[d.getUTCDay()]}, ${two(d.getUTCDate())} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
  return `${date} ${d.toISOString().slice(11, 19)} ${offset}${comment ? ` (${comment})` : ''}`;
}
