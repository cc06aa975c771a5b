import { type Place } from '../delay/journey.service';
import { badRequest } from './query.pipe';

type Sort = 'time' | 'slowest';

/** Where a list goes on, as text that clients hand back unread. It says for which order it was made. */
export function cursorOf(sort: Sort, { key, at, id }: Place): string {
  return Buffer.from(JSON.stringify([sort, key, at, id])).toString('base64url');
}

/** @throws ProblemError for a text that is no cursor, or one of a list in another order */
export function placeOf(cursor: string, sort: Sort): Place {
  const parts = parsed(cursor);
  const [order, key, at, id] = parts;
  const fits =
    parts.length === 4 &&
    /^-?\d{1,19}$/.test(key) &&
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(at) &&
    /^[0-9a-f]{16}$/.test(id);
  if (!fits) throw badRequest([{ parameter: 'cursor', detail: 'cursor: take it from next_cursor of the page before' }]);
  if (order !== sort)
    throw badRequest([{ parameter: 'cursor', detail: `cursor belongs to a list with sort=${order}` }]);
  return { key, at, id };
}

function parsed(cursor: string): string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    return [];
  }
}
