import { z } from 'zod';
import { plainName } from '../../message-tracking/columns';
import type { Framing, Likeness, RawRecord, Source } from '../../source';
import { ExchangeParser, headerlessRow } from './parser';

/** The message tracking log of Exchange Server, and Get-MessageTrackingLog as CSV; see README.md beside this file. */
export const exchangeTracking: Source = {
  name: 'exchange-tracking',
  title: 'Exchange Server message tracking log',
  product: 'exchange',
  framings: ['csv', 'lines'],
  options: z.object({}),
  looksLike,
  parser: (options) => new ExchangeParser(options),
};

function looksLike(sample: readonly RawRecord[], framing: Framing): Likeness {
  if (framing === 'csv') return ofColumns(sample[0]?.fields?.names ?? []);
  if (framing !== 'lines') return { score: 0, reason: 'message tracking logs are rows' };
  const lines = sample.filter((record) => record.to > record.from && record.bytes[record.from] !== 0x23);
  const rows = lines.filter((record) => headerlessRow(record) !== undefined).length;
  if (rows === 0) return { score: 0, reason: 'no line is a message tracking row' };
  return {
    score: (0.95 * rows) / lines.length,
    reason: `${rows} of ${lines.length} lines are message tracking rows without #Fields`,
  };
}

function ofColumns(names: readonly string[]): Likeness {
  const plain = new Set(names.map(plainName));
  const own = names.includes('event-id') && names.includes('internal-message-id');
  if (own) return { score: 0.98, reason: 'the columns of a message tracking log' };
  const shell = plain.has('eventid') && plain.has('messageid') && plain.has('timestamp') && plain.has('recipients');
  if (shell) return { score: 0.9, reason: 'the properties of Get-MessageTrackingLog' };
  return { score: 0, reason: 'no columns event-id and internal-message-id' };
}
