import type { Framing, Likeness, RawRecord } from '../../source';
import { lineOf } from './cef-parser';
import { parseCefLine } from './cef-line';
import { ColumnResolver } from './columns';
import { FIELD, comparableName } from './tracking-fields';

/** Names that other systems' traces do not have together, for telling tables apart. */
const TELLING_NAMES = new Set(
  [
    'mail ID',
    'mail UUID',
    'gen time',
    'delivery time',
    'delivered to',
    'tls info',
    'upstream TLS',
    'downstream TLS',
    'downstream DANE',
    'sender IP',
    'header from',
    'header to',
    'embedded URLs',
    'direction',
    'action',
  ].map(comparableName),
);
/** Names of Exchange message tracking, Microsoft 365 message trace and other Trend logs, which share the common names. */
const FOREIGN_NAMES = new Set(
  ['event-id', 'source-context', 'internal-message-id', 'message trace id', 'network message id', 'policy name'].map(
    comparableName,
  ),
);

/** Of the policy event log (REST `policyeventlog`; assumed from its connectors, formats.md §1.1). */
const POLICY_NAMES = ['event type', 'policy name', 'policy action'].map(comparableName);

const NOTHING: Likeness = { score: 0, reason: 'no record to look at' };

/** How much the first records of a file look like Trend mail tracking. */
export function trackingLikeness(sample: readonly RawRecord[], framing: Framing): Likeness {
  if (framing === 'headers') return { score: 0, reason: 'mail headers are no tracking records' };
  let best = NOTHING;
  const resolver = new ColumnResolver();
  for (const record of sample) {
    if (record.problem !== undefined) continue;
    const likeness = record.fields ? tableLikeness(record.fields.names, resolver) : lineLikeness(record);
    if (likeness.score > best.score || best === NOTHING) best = likeness;
  }
  return best;
}

function lineLikeness(record: RawRecord): Likeness {
  const line = parseCefLine(lineOf(record));
  if ('tracking' in line) return { score: 1, reason: 'CEF lines of Trend Micro with signature 400101 (TRACKING)' };
  if ('reject' in line) return { score: 0.1, reason: 'a CEF header that is cut short' };
  if (line.isTrend)
    return { score: 0.6, reason: 'CEF lines of Trend Micro, so far none with signature 400101 (TRACKING)' };
  return { score: 0, reason: line.skip };
}

function tableLikeness(names: readonly string[], resolver: ColumnResolver): Likeness {
  const comparable = names.map(comparableName);
  if (POLICY_NAMES.every((name) => comparable.includes(name)))
    return { score: 0.7, reason: 'policy events of Trend, which tell no time of the way: all are skipped' };
  const foreign = comparable.findIndex((name) => FOREIGN_NAMES.has(name));
  if (foreign >= 0) return { score: 0.05, reason: 'columns of another log' };
  const telling = names.filter((_, i) => TELLING_NAMES.has(comparable[i]));
  const { index, problem, problemWhenBlocked } = resolver.resolve(names);
  if (index[FIELD.scanType] >= 0 && index[FIELD.mailID] >= 0 && !problem) {
    return { score: 0.95, reason: 'scanType and msgUuid: records of the search of Trend Vision One (layout assumed)' };
  }
  if (index[FIELD.genTime] >= 0 && index[FIELD.mailID] >= 0 && !problem) {
    return { score: 1, reason: 'genTime and mailID: records of the Trend mail tracking log' };
  }
  const found = telling.length
    ? `columns of Trend mail tracking (${telling.join(', ')})`
    : 'no column that only Trend mail tracking has';
  if (problem) {
    const isBlockedTraffic = !problemWhenBlocked && (index[FIELD.action] >= 0 || index[FIELD.type] >= 0);
    return { score: Math.min(isBlockedTraffic ? 0.6 : 0.3, telling.length / 10), reason: `${found}, but ${problem}` };
  }
  if (!telling.length) return { score: 0.2, reason: `message id, recipient and a time, but ${found}` };
  return { score: Math.min(0.95, 0.5 + telling.length / 10), reason: `message id, recipient, a time and ${found}` };
}
