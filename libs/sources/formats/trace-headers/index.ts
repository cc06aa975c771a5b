import { z } from 'zod';
import type { CommonOptions, Framing, Likeness, RawRecord, Source } from '../../source';
import { readHeaderBlock, type HeaderField } from './header-block';
import { TraceHeaderParser } from './parser';

/** Names that mail headers have and other texts with colons do not. */
const MAIL_FIELDS = new Set([
  ...['from', 'to', 'date', 'subject', 'message-id', 'return-path', 'delivered-to', 'x-original-to', 'mime-version'],
  ...[
    'dkim-signature',
    'authentication-results',
    'received-spf',
    'x-tm-mail-uuid',
    'x-tmase-version',
    'x-tm-as-product-ver',
  ],
]);

/** Trace header fields of mail files: EML, Outlook MSG (as its reader hands it over), mbox and pasted header text (formats §3, §10). */
export const traceHeaders: Source = {
  name: 'trace-headers',
  title: 'Mail headers (EML, Outlook MSG, mbox, pasted header text)',
  product: 'trace-headers',
  framings: ['headers'],
  options: z.object({}),
  looksLike,
  parser: (options: CommonOptions) => new TraceHeaderParser(options),
};

function looksLike(sample: readonly RawRecord[], framing: Framing): Likeness {
  if (framing !== 'headers') return { score: 0, reason: 'mail headers are not read as records of that kind' };
  const best = sample.map((record) => likeness(readHeaderBlock(record.bytes, record.from, record.to)));
  return best.reduce((a, b) => (b.score > a.score ? b : a), {
    score: 0,
    reason: 'no mail header field at its beginning',
  });
}

function likeness(fields: readonly HeaderField[]): Likeness {
  const received = fields.filter(
    (field) => field.name === 'received' && /\b(?:by|from|invoked)\b/i.test(field.body),
  ).length;
  const known = new Set(fields.map((field) => field.name).filter((name) => MAIL_FIELDS.has(name))).size;
  if (received > 0 && known > 0) return { score: 0.98, reason: `a mail header with ${received} Received field(s)` };
  if (received > 0) return { score: 0.9, reason: `${received} Received field(s), as of pasted header text` };
  if (known >= 3)
    return {
      score: 0.6,
      reason: `${known} mail header fields, but no Received field: the mail tells nothing of its way`,
    };
  return { score: 0, reason: 'no mail header field at its beginning' };
}
