import { createHash } from 'node:crypto';
import type { LogRecord } from './log-api';

/** Beyond this many the oldest are forgotten: records that come again are then kept twice, which changes no figure. */
const MOST = 1_000_000;

/** Which records have been kept already: windows overlap, since the API shows records late. */
export class SeenRecords {
  private readonly ends = new Map<string, number>();

  /** Says that a record is kept; false when it was before. @param end of the window it came with, epoch ms */
  add(record: LogRecord, end: number): boolean {
    const key = keyOf(record);
    if (this.ends.has(key)) return false;
    if (this.ends.size >= MOST) this.ends.delete(this.ends.keys().next().value as string);
    this.ends.set(key, end);
    return true;
  }

  /** Forgets records of windows that ended before `time`: they are not asked for again. */
  forgetBefore(time: number): void {
    for (const [key, end] of this.ends) if (end < time) this.ends.delete(key);
  }

  get size(): number {
    return this.ends.size;
  }
}

/** The order of a record's fields is nothing that it says, nor is the type, which the collector may have added. */
function keyOf(record: LogRecord): string {
  const fields = Object.keys(record)
    .filter((field) => field !== 'type')
    .sort();
  return createHash('sha256')
    .update(JSON.stringify(fields.map((field) => [field, record[field]])))
    .digest('base64')
    .slice(0, 20);
}
