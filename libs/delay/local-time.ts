const formats = new Map<string, Intl.DateTimeFormat>();

/** True for the name of an IANA zone that the platform knows, the names that the store's engine knows too; false for `+02:00`. */
export function isIanaZone(name: string): boolean {
  try {
    return (
      /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
    );
  } catch {
    return false;
  }
}

/** An instant in an IANA zone, as numbers in text. */
interface LocalTime {
  day: string;
  weekday: string;
  minute: string;
}

/** ISO 8601 UTC → day `2026-03-02`, weekday `Mon` and minute `08:30` in `timeZone`. */
export function localTime(iso: string, timeZone: string): LocalTime {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      weekday: 'short',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  return {
    day: `${part.year}-${part.month}-${part.day}`,
    weekday: part.weekday,
    minute: `${part.hour}:${part.minute}`,
  };
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const HOUR_MS = 3_600_000;

/**
 * Hours of a day of UTC (0 to 23) that lie in another day of a zone than its noon does, on any day of a range (epoch ms). Of a zone whose hours begin when
 * those of UTC do.
 */
export function hoursApart(timeZone: string, from: number, to: number): number[] {
  if (timeZone === 'UTC') return [];
  const offsets = new Set([offsetHours(to, timeZone)]);
  // No offset lasts for less than a week.
  for (let at = Math.floor(from / DAY_MS) * DAY_MS; at < to; at += WEEK_MS) offsets.add(offsetHours(at, timeZone));
  // On the day of a change its hours and its noon may have either offset.
  const dayOf = (hour: number, offset: number): number => Math.floor((hour + offset) / 24);
  const all = [...offsets];
  const isApart = (hour: number): boolean =>
    all.some((offset) => all.some((atNoon) => dayOf(hour, offset) !== dayOf(12, atNoon)));
  return Array.from({ length: 24 }, (_, hour) => hour).filter(isApart);
}

function offsetHours(at: number, timeZone: string): number {
  const { day, minute } = localTime(new Date(at).toISOString(), timeZone);
  return (Date.parse(`${day}T${minute}Z`) - at) / HOUR_MS;
}

/** `2026-03-02 08:30` in the zone; `–` for null. */
export function localText(iso: string | null, timeZone: string): string {
  if (iso === null) return '–';
  const { day, minute } = localTime(iso, timeZone);
  return `${day} ${minute}`;
}

/** `2026-03-02 08:30:00.123` in UTC. */
export const utcText = (iso: string): string => iso.replace('T', ' ').replace('Z', '');
