import { longest, type Stay } from './hop-table';
import type { Inspection } from './inspection';

/** The numbers that decide (delay model §3 "verdict"). */
export type VerdictInput = Pick<
  Inspection,
  'passed_hes' | 'hes_ms' | 'hes_processing_ms' | 'hes_waiting_ms' | 'downstream_ms' | 'upstream_ms' | 'next_hop'
>;

/** Verdict and, in one sentence, the advice of Trend's KB article on delays after redirecting mail to HES. */
export interface Verdict {
  readonly verdict: string | null;
  readonly advice: string;
}

/**
 * The largest of processing, waiting, downstream and upstream when strictly over the threshold, else `none`. Ties go to the
 * earlier in this order. Null where the header does not give all of HES's and the downstream number.
 */
export function decide(input: VerdictInput, stays: readonly Stay[], thresholdMs: number): Verdict {
  if (input.passed_hes === 'no') {
    return {
      verdict: 'not_via_hes',
      advice:
        'This mail did not pass HES: check that the MX records of the domain point at HES, and look at its own hops.',
    };
  }
  if (input.passed_hes === 'unknown') {
    return {
      verdict: null,
      advice: 'The text has no Received field: save the whole message as EML or copy its complete internet headers.',
    };
  }
  if (input.hes_ms === null || input.downstream_ms === null) {
    return {
      verdict: null,
      advice:
        'The header does not show when HES took and released the mail: use the first and last time of Mail Tracking, or the complete header of the delivered mail.',
    };
  }
  const slow = longest(stays.filter((stay) => stay.segment === 'downstream'));
  const candidates: [string, number | null][] = [
    ['hes_processing', input.hes_processing_ms],
    ['hes_waiting_on_downstream', input.hes_waiting_ms],
    [`downstream:${slow?.mta ?? input.next_hop ?? 'unknown'}`, input.downstream_ms],
    ['upstream', input.upstream_ms],
  ];
  const [verdict, ms] = candidates.reduce((best, candidate) =>
    (candidate[1] ?? 0) > (best[1] ?? 0) ? candidate : best,
  );
  if ((ms ?? 0) <= thresholdMs)
    return { verdict: 'none', advice: `No part of the way took longer than ${thresholdMs / 1000} s.` };
  return { verdict, advice: adviceFor(verdict, input.next_hop ?? 'the next MTA') };
}

function adviceFor(verdict: string, nextHop: string): string {
  if (verdict === 'hes_processing')
    return 'HES itself held the mail: save this message as MSG or EML and open a case with Trend Micro.';
  if (verdict === 'hes_waiting_on_downstream') {
    return `HES waited because ${nextHop} did not take the mail at the first attempt (inferred from Trend's retry pool): allow the HES addresses there, and look for greylisting and 4xx replies in its log.`;
  }
  if (verdict === 'upstream') return 'The mail was late before it reached HES: ask the sender, not Trend Micro.';
  return `HES released the mail in time and ${verdict.slice('downstream:'.length)} kept it longest: look for its queue and delays in that MTA's log.`;
}
