import { parseTimestamp, type Stamp } from '../../../trace/timestamp';
import type { CommonOptions } from '../../source';
import type { HeaderField } from './header-block';
import type { ChainHop } from './trace-chain';

/** One passage of the mail through HES/TMES: custody from Trend's first field to the next MTA's. */
export interface TrendPass {
  /** Trend's own Received fields, oldest first; empty when something behind HES removed them and only X-TM-MAIL-* fields are left */
  readonly stamps: readonly ChainHop[];
  /** X-TM-MAIL-UUID; '' in the HES era, which had none */
  readonly transactionId: string;
  /** X-TM-MAIL-RECEIVED-TIME: when Trend accepted the mail, by Trend's own clock, milliseconds or finer */
  readonly mailReceivedTime: Stamp | undefined;
  /** the first field written by a retry pool (`refb*`, `rfout*`, …): the first attempt had been refused (inferred, formats §3.2) */
  readonly retryPool: ChainHop | undefined;
  /** the field of the MTA that took the mail from Trend */
  readonly next: ChainHop | undefined;
  /** where the passage stands in the header, 0 is the top */
  readonly place: number;
}

const ACCEPTING = /^Trend ?Micro (?:Hosted )?Email Security$/i;
/** First label of the hosts of the retry pools: TMES refb (outbound), infb (inbound, by analogy), HES rfout, rsout, ifout. */
const RETRY_POOL = /^(?:refb|infb|rfout|rsout|ifout)/i;

/** Epoch seconds with fraction; fewer digits come from a file that was cut off and would be another time. */
const RECEIVED_TIME = /^\d{10}(?:\.\d+)?$/;

/** Whether the name is that of a Trend retry pool. */
export function isRetryPool(host: string): boolean {
  return RETRY_POOL.test(host);
}

/** When Trend took the mail: its own stamp, else its first dated field. */
export function acceptedAt(pass: TrendPass): Stamp | undefined {
  return pass.mailReceivedTime ?? pass.stamps.find((hop) => hop.stamp)?.stamp;
}

/**
 * Finds the passages through HES/TMES in a chain, by the `by` host (the `from` names of Trend's inner hops are labels, no
 * hosts). A mail that passes the sender's TMES and then the recipient's has two: an accepting field begins a new one.
 */
export function passesOf(
  fields: readonly HeaderField[],
  hops: readonly ChainHop[],
  options: Pick<CommonOptions, 'fileTime'>,
): TrendPass[] {
  const groups: ChainHop[][] = [];
  hops.forEach((hop, at) => {
    if (!hop.hes) return;
    if (at === 0 || !hops[at - 1].hes || ACCEPTING.test(hop.received.software)) groups.push([hop]);
    else groups[groups.length - 1].push(hop);
  });
  const ids = placed(fields, 'x-tm-mail-uuid');
  const times = placed(fields, 'x-tm-mail-received-time');
  if (groups.length === 0) {
    const first = ids[0] ?? times[0];
    if (!first) return [];
    const next = hops.find((hop) => hop.place < first.place);
    return [pass([], first.place, next, ids[0]?.body, times[0]?.body, options)];
  }
  return groups.map((stamps, at) => {
    const next = hops[hops.indexOf(stamps[stamps.length - 1]) + 1];
    return pass(stamps, stamps[0].place, next, bodyFor(ids, groups, at), bodyFor(times, groups, at), options);
  });
}

interface Placed {
  readonly place: number;
  readonly body: string;
}

/** Fields of that name, oldest (lowest) first. */
function placed(fields: readonly HeaderField[], name: string): Placed[] {
  return fields
    .flatMap((field, place) => (field.name === name && field.body ? [{ place, body: field.body }] : []))
    .reverse();
}

/** Trend writes the fields above its accepting Received field. Where they were moved, their order still tells. */
function bodyFor(candidates: readonly Placed[], groups: readonly ChainHop[][], at: number): string | undefined {
  const below = groups[at][0].place;
  const above = groups[at + 1]?.[0].place ?? -1;
  const own = candidates.find(({ place }) => place < below && place > above);
  return (own ?? (candidates.length === groups.length ? candidates[at] : undefined))?.body;
}

function pass(
  stamps: readonly ChainHop[],
  place: number,
  next: ChainHop | undefined,
  transactionId: string | undefined,
  receivedTime: string | undefined,
  options: Pick<CommonOptions, 'fileTime'>,
): TrendPass {
  const stamp = receivedTime && RECEIVED_TIME.test(receivedTime) ? parseTimestamp(receivedTime, options) : undefined;
  return {
    stamps,
    transactionId: transactionId?.split(' ')[0] ?? '',
    mailReceivedTime: stamp && 'time' in stamp ? stamp : undefined,
    retryPool: stamps.find((hop) => hop.stamp && isRetryPool(hop.host)),
    next,
    place,
  };
}
