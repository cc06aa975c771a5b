import type { HeaderField } from '../sources/formats/trace-headers/header-block';
import type { TraceChain } from '../sources/formats/trace-headers/trace-chain';
import type { GreylistHint } from './inspection';

const SECONDS = /\bdelayed (\d+) seconds\b/i;
const CLOCK = /\bdelayed (\d+):(\d\d):(\d\d)\b/i;

/**
 * Reads X-Greylist fields that speak of a delay (postgrey, SQLgrey, milter-greylist). The MTA prepends them above its own
 * Received field. The delay is never taken as this message's (formats §0.4), but set against the wait that the stamps show.
 */
export function greylistHints(fields: readonly HeaderField[], chain: TraceChain): GreylistHint[] {
  return fields.flatMap((field, place) => {
    if (!/(?:^|-)greylist/.test(field.name) || !/\bdelayed\b/i.test(field.body)) return [];
    const at = chain.hops.findLastIndex((hop) => hop.place > place);
    const before = chain.hops.slice(0, Math.max(at, 0)).findLast((hop) => hop.stamp)?.stamp;
    const own = chain.hops[at]?.stamp;
    const claimed = claimedMs(field.body);
    const observed = own && before ? own.time - before.time : null;
    const explains = claimed === null || observed === null ? null : Math.max(0, Math.min(claimed, observed));
    return [
      {
        host: chain.hops[at]?.host || null,
        text: field.body,
        claimed_ms: claimed,
        observed_wait_ms: observed,
        explains_at_most_ms: explains,
      },
    ];
  });
}

function claimedMs(text: string): number | null {
  const seconds = SECONDS.exec(text);
  if (seconds) return Number(seconds[1]) * 1000;
  const clock = CLOCK.exec(text);
  return clock ? (Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3])) * 1000 : null;
}
