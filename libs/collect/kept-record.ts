import type { Pseudonyms } from '../trace/pseudonyms';
import type { LogRecord } from './log-api';

/** What is kept of a record where the store has pseudonyms: all but the subject, with no local part of an address in it. */
export function keptRecord(record: LogRecord, pseudonyms: Pseudonyms): LogRecord {
  const shown = (key: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    return /subject/i.test(key) ? '' : pseudonyms.inText(value);
  };
  return JSON.parse(JSON.stringify(record, shown)) as LogRecord;
}
