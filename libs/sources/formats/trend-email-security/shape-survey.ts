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
  let names: readonly string[] | undefined;
  let hasReceptions = false;
  for await (const { fields, problem } of records) {
    if (problem !== undefined) continue;
    if (!fields) return {};
    const { index } = resolver.resolve(fields.names);
    if (index[FIELD.deliveryTime] >= 0) return { shape: 'states' };
    hasReceptions ||= words.kind(fields.values[index[FIELD.action]] ?? '') === RECEIVED;
    // Records with names of their own (JSON, XML) may leave out the second time where it is unknown: only a shared header settles it.
    if (hasReceptions && fields.names === names) return { shape: 'events' };
    names = fields.names;
  }
  if (names === undefined) return {};
  return { shape: hasReceptions ? 'events' : 'last-action' };
}
