/** What has an age of its own. Events and journeys go together, and so do the files beside the tables. */
export const RETAINED = ['events', 'rejected_records', 'audit_log', 'files'] as const;
export type Retained = (typeof RETAINED)[number];

/** Days after which each goes; 0 = never. */
export type RetentionDays = Readonly<Record<Retained, number>>;

const MOST_DAYS = 36_500;

/** `90`, or `90,rejected_records=14,audit_log=365`: the number alone is for all that are not named. Undefined for another form. */
export function parseRetentionDays(text: string): RetentionDays | undefined {
  const [all, ...named] = text.split(',').map((part) => part.trim());
  const days: Record<Retained, number> = { events: 0, rejected_records: 0, audit_log: 0, files: 0 };
  if (!isDays(all)) return undefined;
  for (const name of RETAINED) days[name] = Number(all);
  for (const part of named) {
    const [name, number, ...more] = part.split('=');
    if (!(RETAINED as readonly string[]).includes(name) || !isDays(number ?? '') || more.length > 0) return undefined;
    days[name as Retained] = Number(number);
  }
  return days;
}

const isDays = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= MOST_DAYS;
