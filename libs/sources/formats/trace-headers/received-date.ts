import { parseTimestamp, type Stamp } from '../../../trace/timestamp';
import type { CommonOptions } from '../../source';
import { withoutComments } from './received-tokens';

const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
/** Where a date-time begins in a field without `;`: weekday, day and month, or an ISO date (as Microsoft's analyser does). */
const BEGIN = new RegExp(
  ` (?=(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ?)?\\d{1,2} (?:${MONTHS}) \\d{2,4} \\d{1,2}:\\d\\d|\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d)`,
  'i',
);
const DATE_TIME = new RegExp(
  `(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? ?)?\\d{1,2} (?:${MONTHS}) \\d{2,4} \\d{1,2}:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?(?: [+-]\\d{4}| [A-Z]{1,5}\\b)?`,
  'i',
);

/** Splits a field body (one line) into clauses and date-time; `date` is '' where there is none. */
export function splitDate(body: string, semicolon: number): { clauses: string; date: string } {
  if (semicolon >= 0 && /\d/.test(body.slice(semicolon))) {
    return { clauses: body.slice(0, semicolon), date: body.slice(semicolon + 1).trim() };
  }
  const begin = BEGIN.exec(body);
  return begin
    ? { clauses: body.slice(0, begin.index), date: body.slice(begin.index + 1) }
    : { clauses: body, date: '' };
}

/**
 * Reads the date-time of a Received field: RFC 5322 with its obsolete forms and comments, with a fraction (SendGrid's
 * front end), and Go's time of its filters. Undefined when there is none or it has no zone and none was given.
 */
export function readDate(
  text: string,
  { timeZone, fileTime }: Pick<CommonOptions, 'timeZone' | 'fileTime'>,
): Stamp | undefined {
  const options = { timeZone, fileTime };
  if (text === '') return undefined;
  const stamp = parseTimestamp(text, options);
  if ('time' in stamp) return stamp;
  const plain = withoutComments(text);
  for (const candidate of [plain, DATE_TIME.exec(plain)?.[0]]) {
    if (!candidate) continue;
    const bare = parseTimestamp(candidate, options);
    if ('time' in bare) return bare;
  }
  return undefined;
}
