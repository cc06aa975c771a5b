import type { CommonOptions, RawRecord } from '../../source';
import { RECEIVED, TrackingWords } from './actions';
import { ColumnResolver } from './columns';
import type { TrackingOptions } from './options';
import { FIELD } from './tracking-fields';

/**
 * Decides what a row of the file is (formats.md §1.4 "Which time is it?"): a second time column means
 * one row per state; one time and any row with action `Received` one row per event; else one row with the last action.
 * CEF lines have no shape. Reads only as far as it must.
 */
export async function surveyShape(
  records: AsyncIterable<RawRecord>,
  options: CommonOptions,
): Promise<Partial<TrackingOptions>> {
  const resolver = new ColumnResolver(options.mapping);
  const words = new TrackingWords();
  let isEmpty = true;
  let hasReceptions = false;
  for await (const record of records) {
    const { fields } = record;
    if (record.problem !== undefined) continue;
    if (!fields) return {};
    const { index } = resolver.resolve(fields.names);
    if (index[FIELD.deliveryTime] >= 0) return { shape: 'states' };
    hasReceptions ||= words.kind(fields, index[FIELD.action]) === RECEIVED;
    if (hasReceptions && !mayLackNames(record)) return { shape: 'events' };
    isEmpty = false;
  }
  if (isEmpty) return {};
  return { shape: hasReceptions ? 'events' : 'last-action' };
}

/**
 * XML elements and JSON objects may leave out the second time where it is unknown, so that only the last one settles whether the
 * file has it. A CSV row that happens to begin like one costs reading on, no more.
 */
function mayLackNames({ bytes, from }: RawRecord): boolean {
  return bytes[from] === LESS_THAN || bytes[from] === BRACE;
}

const LESS_THAN = 0x3c;
const BRACE = 0x7b;
