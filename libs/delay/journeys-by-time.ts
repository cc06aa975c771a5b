import { sqlText } from '../store/sql-file';
import { type Statement } from '../store/store';

export const JOURNEYS = 'queries/journeys';
const BY_TIME = `${JOURNEYS} (by time)`;
const MATCHING = /FROM hoptime\.journeys\s+WHERE([^]*)ORDER BY sort_key/;

/**
 * `queries/journeys` in the order of time, for a page of many. The engine cannot read in that order, since the second column of it, the id, is text in the view,
 * and read all journeys behind the page, for each page. In the order of their times alone it can: that finds the time of the last one of the page, and
 * only journeys up to it are put in order.
 */
export function journeysByTime(): Statement {
  const sql = sqlText(JOURNEYS);
  const [, conditions] = MATCHING.exec(sql) ?? [];
  const last = `(
    SELECT max(first_event_at)
    FROM (SELECT first_event_at, toInt64(0) AS sort_key FROM hoptime.journeys WHERE ${conditions} ORDER BY first_event_at LIMIT {limit:UInt32})
  )`;
  return {
    name: BY_TIME,
    sql: sql.replace(MATCHING, (all) => all.replace('WHERE', () => `WHERE first_event_at <= ${last} AND`)),
  };
}

/** Whether a statement is that one. */
export const isByTime = (statement: Statement): boolean => typeof statement !== 'string' && statement.name === BY_TIME;
