import type { HeaderField } from '../sources/formats/trace-headers/header-block';
import { readTraceChain } from '../sources/formats/trace-headers/trace-chain';
import { acceptedAt } from '../sources/formats/trace-headers/trend-hops';
import { greylistHints } from './greylist-hints';
import { hesEvidence } from './hes-evidence';
import { findSkew } from './clock-skew';
import { hopTable, iso, longest, staysOf } from './hop-table';
import type { InspectOptions, Inspection } from './inspection';
import { isOutlookItem, outlookHeaders } from '../sources/readers/outlook-item';
import { headersOf } from './mail-file';
import { decide } from './verdict';

export type { InspectOptions, Inspection, InspectedHop, ClockSkew, GreylistHint } from './inspection';

const DEFAULT_THRESHOLD_MS = 60_000;

/**
 * Answers for each mail of a file (EML, MSG, mbox, pasted header text; a delivery status notification's original too): did it
 * pass HES, how long was it held there, which hop was slow. Needs no store, never throws; what cannot be read is in `problems`.
 */
export function inspect(input: string | Uint8Array, options: InspectOptions = {}): Inspection[] {
  const bytes = typeof input === 'string' ? Buffer.from(input, 'utf8') : input;
  const mail = isOutlookItem(bytes) ? outlookHeaders(bytes) : bytes;
  if ('reason' in mail) {
    const inspection = inspectHeader([], 'message', options);
    inspection.problems = [`${mail.reason}; ${mail.advice}`];
    return [inspection];
  }
  return headersOf(mail).map(({ part, fields }) => inspectHeader(fields, part, options));
}

function inspectHeader(fields: readonly HeaderField[], part: Inspection['part'], options: InspectOptions): Inspection {
  const chain = readTraceChain(fields, { timeZone: options.timeZone, fileTime: options.fileTime ?? 0 });
  const { passed, evidence, otherProduct } = hesEvidence(fields, chain);
  const pass = chain.passes.at(-1);
  const dated = chain.hops.flatMap((hop) => (hop.stamp ? [hop.stamp.time] : []));
  const accepted = pass && acceptedAt(pass)?.time;
  const stamps = pass?.stamps.filter((hop) => hop.stamp) ?? [];
  const firstStamp = stamps[0]?.stamp?.time;
  const lastStamp = stamps.at(-1);
  const released = pass?.next?.stamp?.time;
  const firstAttempt = pass?.retryPool?.stamp?.time ?? released;
  const hes = minus(released, accepted);
  const waiting = minus(released, firstAttempt);
  const downstream = pass?.next ? minus(dated.at(-1), released) : null;
  const skew = findSkew(chain.hops.filter((hop) => hop.stamp));
  const rows = hopTable(chain, pass, skew);
  const stays = staysOf(rows);
  const slowest = longest(stays);
  const numbers = {
    passed_hes: passed,
    next_hop: pass?.next?.host || null,
    hes_ms: hes,
    hes_processing_ms: hes === null || waiting === null ? null : hes - waiting,
    hes_waiting_ms: waiting,
    upstream_ms: chain.hops[0]?.place > (pass?.place ?? Infinity) ? minus(accepted, dated[0]) : null,
    downstream_ms: downstream,
  };
  return {
    part,
    message_id: chain.messageId || null,
    recipient: chain.recipient || null,
    original_recipient: chain.originalRecipient || null,
    evidence,
    other_trend_product: otherProduct,
    transaction_id: pass?.transactionId || null,
    hes_passes: chain.passes.length,
    hes_accepted_by: pass?.stamps[0]?.host ?? null,
    hes_received_at: iso(accepted),
    hes_accept_stamp_at: iso(pass?.stamps[0]?.stamp?.time),
    hes_last_stamp_by: lastStamp?.host ?? null,
    hes_last_stamp_at: iso(lastStamp?.stamp?.time),
    hes_stamps: pass?.stamps.length ?? 0,
    retry_pool: pass?.retryPool?.host ?? null,
    hes_first_attempt_at: iso(firstAttempt),
    hes_released_at: iso(released),
    released_by: released === undefined ? null : 'trace_header',
    ...numbers,
    hes_internal_ms: minus(lastStamp?.stamp?.time, firstStamp),
    total_ms: hes === null || downstream === null ? null : hes + downstream,
    chain_ms: minus(dated.at(-1), dated[0]),
    hops: rows,
    slowest_hop: slowest?.mta ?? null,
    // Trend's own acceptance time is finer than its stamp.
    slowest_hop_ms: (slowest?.mta === 'hes' ? hes : null) ?? slowest?.ms ?? null,
    clock_skew: skew.map((finding) => finding.skew),
    greylist_hints: greylistHints(fields, chain),
    ...decide(numbers, stays, options.thresholdMs ?? DEFAULT_THRESHOLD_MS),
    problems: problemsOf(fields, chain.hops.length, dated.length),
  };
}

function problemsOf(fields: readonly HeaderField[], hops: number, dated: number): string[] {
  if (fields.length === 0) return ['no mail header found'];
  if (hops === 0) return ['no Received field'];
  return dated < hops ? [`${hops - dated} of ${hops} Received fields have no date-time that can be read`] : [];
}

function minus(later: number | undefined, earlier: number | undefined): number | null {
  return later === undefined || earlier === undefined ? null : later - earlier;
}
