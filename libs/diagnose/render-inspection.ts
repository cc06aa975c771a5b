import type { Inspection, InspectedHop } from './inspection';
import { duration, paragraph, printable, WIDTH } from './terminal-text';

const BAR = 10;

/** An inspection as text for a terminal of 80 columns: what HES did, one row per stamp with a bar for its share, verdict and advice. */
export function renderInspection(inspection: Inspection): string {
  const i = inspection;
  const facts: [string, string | null][] = [
    ['Message-ID', i.message_id ?? 'none'],
    ['Recipient', i.recipient],
    ['Seen by HES as', i.original_recipient === i.recipient ? null : i.original_recipient],
    ['Passed HES', i.evidence.length > 0 ? `${i.passed_hes} (${i.evidence.join('; ')})` : i.passed_hes],
    ['Other product', i.other_trend_product],
    ['Transaction', i.transaction_id],
    ['HES accepted', joined(i.hes_received_at, i.hes_accepted_by)],
    ['HES last stamp', i.hes_stamps > 1 ? joined(i.hes_last_stamp_at, i.hes_last_stamp_by) : null],
    ['Retry pool', i.retry_pool && `${i.retry_pool} (first attempt refused, inferred)`],
    ['Next hop took it', joined(i.hes_released_at, i.next_hop)],
    ['HES held it', hesHeld(i)],
    ['Before HES', span(i.upstream_ms)],
    ['After HES', span(i.downstream_ms)],
    ['HES to mailbox', span(i.total_ms)],
    ['Whole chain', span(i.chain_ms)],
    ['Longest at', i.slowest_hop === null ? null : `${i.slowest_hop} (${duration(i.slowest_hop_ms ?? 0)})`],
  ];
  const label = 17;
  const lines = facts.flatMap(([name, value]) => (value ? paragraph(`${name.padEnd(label)}`, value) : []));
  const title = i.part === 'quoted_original' ? ['Original message quoted by a delivery status notification'] : [];
  const rows = i.hops.length > 0 ? ['', ...table(i.hops)] : [];
  const notes = [
    ...i.problems.map((problem) => ['Problem: ', problem]),
    ...i.clock_skew.map((skew) => ['Clocks: ', clocks(skew)]),
    ...i.greylist_hints.map((hint) => ['Greylisting: ', greylisting(hint)]),
    ['Verdict: ', `${i.verdict ?? 'not to be decided'}. ${i.advice}`],
  ].flatMap(([name, text]) => paragraph(name, text));
  return [...title, ...lines, ...rows, '', ...notes, ''].join('\n');
}

function table(hops: readonly InspectedHop[]): string[] {
  const host = WIDTH - (3 + 20 + 11 + BAR + 5);
  const head = `${'#'.padStart(2)} ${'MTA'.padEnd(host)} ${'received (UTC)'.padEnd(19)} ${'kept for'.padStart(10)}  share`;
  return [head, ...hops.map((hop, at) => row(hop, at, host))];
}

function row(hop: InspectedHop, at: number, width: number): string {
  const mark = hop.segment === 'hes' ? '*' : '';
  const name = shortened(printable(hop.host ?? '(not told)'), width - mark.length) + mark;
  const time = hop.at === null ? '?' : hop.at.slice(0, 19).replace('T', ' ');
  const kept = hop.delay_ms === null ? '' : duration(hop.delay_ms) + (hop.negative ? '!' : '');
  const share = hop.share ?? 0;
  const bar = '#'.repeat(share > 0 ? Math.max(1, Math.round(share * BAR)) : 0);
  return `${String(at + 1).padStart(2)} ${name.padEnd(width)} ${time.padEnd(19)} ${kept.padStart(10)}  ${bar}`.trimEnd();
}

function shortened(name: string, width: number): string {
  return name.length <= width ? name : `${name.slice(0, width - 2)}..`;
}

function joined(at: string | null, host: string | null): string | null {
  if (at === null) return host === null ? null : `by ${host}, at an unknown time`;
  return host === null ? at : `${at} by ${host}`;
}

function hesHeld(i: Inspection): string | null {
  if (i.hes_ms === null) return null;
  const split =
    i.hes_waiting_ms === null || i.hes_processing_ms === null ? '' : parts(i.hes_processing_ms, i.hes_waiting_ms);
  return `${duration(i.hes_ms)}${split}`;
}

function parts(processing: number, waiting: number): string {
  return `: ${duration(processing)} processing, ${duration(waiting)} waiting for the next hop`;
}

function span(ms: number | null): string | null {
  return ms === null ? null : duration(ms);
}

function clocks(skew: Inspection['clock_skew'][number]): string {
  const back = `${skew.next_host ?? '?'} stamped ${duration(skew.at_least_ms)} before ${skew.host ?? '?'}, from which it got the mail`;
  if (skew.direction === null || skew.offset_ms === null) return `${back}: one of the two clocks is wrong`;
  return `${back}: the clock of ${skew.suspects.join(', ')} is probably ${duration(skew.offset_ms)} ${skew.direction}; that much is no delay`;
}

function greylisting(hint: Inspection['greylist_hints'][number]): string {
  const claimed = hint.claimed_ms === null ? 'an unreadable time' : duration(hint.claimed_ms);
  const seen =
    hint.observed_wait_ms === null
      ? 'the stamps do not show it'
      : `the stamps show a wait of ${duration(hint.observed_wait_ms)}`;
  return `${hint.host ?? '?'} says ${claimed} since the first attempt of that sender (perhaps for an earlier mail); ${seen}`;
}
