import { isHesHost } from '../../../trace/hes-hosts';
import { normaliseAddress } from '../../../trace/mail-address';
import { displayMessageId } from '../../../trace/message-id';
import type { Stamp } from '../../../trace/timestamp';
import type { CommonOptions } from '../../source';
import { firstBody, type HeaderField } from './header-block';
import { readDate } from './received-date';
import { parseReceived, type ReceivedField } from './received-field';
import { passesOf, type TrendPass } from './trend-hops';

/** One Received field of a chain. */
export interface ChainHop {
  /** place of the field in the header, 0 is the top */
  readonly place: number;
  /** name of the MTA that wrote it: `by`, for qmail's own fields told by its neighbours; '' when nothing tells it */
  readonly host: string;
  readonly received: ReceivedField;
  readonly stamp: Stamp | undefined;
  /** it was written by a host of HES/TMES */
  readonly hes: boolean;
}

/** What the trace header of one mail says. */
export interface TraceChain {
  /** as displayed, without angle brackets; '' when the mail has none */
  readonly messageId: string;
  /** oldest first */
  readonly hops: readonly ChainHop[];
  /** passages through HES/TMES, oldest first */
  readonly passes: readonly TrendPass[];
  /** delay model §4.7; '' unknown */
  readonly recipient: string;
  readonly originalRecipient: string;
  /** reverse-path of the final delivery; '' when the header shows none */
  readonly returnPath: string;
  /** the header shows that the topmost MTA put the mail into a mailbox */
  readonly delivered: boolean;
}

/**
 * Reads the trace header fields (RFC 5321 §4.4) of a mail. Received fields are prepended, so the chain is the fields in
 * reverse order; stamps are not used for order, since clocks differ (delay model §5).
 */
export function readTraceChain(
  fields: readonly HeaderField[],
  options: Pick<CommonOptions, 'timeZone' | 'fileTime'>,
): TraceChain {
  const hops = nameHosts(
    fields.flatMap((field, place) => {
      if (field.name !== 'received') return [];
      const received = parseReceived(field.body);
      return [
        { place, host: received.by, received, stamp: readDate(received.date, options), hes: isHesHost(received.by) },
      ];
    }),
  ).reverse();
  const passes = passesOf(fields, hops, options);
  const recipient = finalRecipient(fields, hops);
  return {
    messageId: displayMessageId(firstBody(fields, 'message-id')),
    hops,
    passes,
    recipient,
    originalRecipient: originalRecipient(fields, hops, passes),
    ...finalDelivery(fields),
  };
}

/** qmail's `(qmail 1 invoked by uid 89)` names no host: it runs where the field below was written, else where the one above came from. */
function nameHosts(hops: ChainHop[]): ChainHop[] {
  return hops.map((hop, at) => {
    if (hop.host || !/^qmail \d+ invoked\b/.test(hop.received.software)) return hop;
    const above = hops[at - 1]?.received;
    return { ...hop, host: hops[at + 1]?.host || above?.peer || above?.helo || '' };
  });
}

/** Topmost Delivered-To, else `for` or ORCPT of the topmost Received field that has one (delay model §4.7). */
function finalRecipient(fields: readonly HeaderField[], hops: readonly ChainHop[]): string {
  const deliveredTo = mailbox(firstBody(fields, 'delivered-to'));
  if (deliveredTo) return deliveredTo;
  const hop = hops.findLast(({ received }) => received.recipient || received.originalRecipient);
  return hop?.received.recipient || hop?.received.originalRecipient || '';
}

/** What HES saw: `for`/ORCPT at the first hop after the last passage, else of HES's own fields, else an X-Original-To right above that hop. */
function originalRecipient(
  fields: readonly HeaderField[],
  hops: readonly ChainHop[],
  passes: readonly TrendPass[],
): string {
  const pass = passes.at(-1);
  if (!pass) return '';
  const next = pass.next?.received;
  const own = pass.stamps.findLast(({ received }) => received.recipient)?.received.recipient;
  const told = next?.recipient || next?.originalRecipient || own;
  if (told) return told;
  if (!pass.next) return '';
  const above = hops[hops.indexOf(pass.next) + 1]?.place ?? -1;
  const between = fields.slice(above + 1, pass.next.place);
  return mailbox(between.findLast((field) => field.name === 'x-original-to')?.body ?? '');
}

/**
 * Final delivery shows as a Return-Path that only a delivering MTA writes (RFC 5321 §4.4), or a Delivered-To above all Received
 * fields; a Return-Path between Received fields comes from an earlier delivery that was sent on.
 */
function finalDelivery(fields: readonly HeaderField[]): { delivered: boolean; returnPath: string } {
  const top = fields.findIndex((field) => field.name === 'received');
  const bottom = fields.findLastIndex((field) => field.name === 'received');
  const path = fields.find((field, place) => field.name === 'return-path' && (place < top || place > bottom));
  const deliveredTo = fields.findIndex((field) => field.name === 'delivered-to');
  return {
    delivered: top >= 0 && (path !== undefined || (deliveredTo >= 0 && deliveredTo < top)),
    returnPath: path ? normaliseAddress(path.body) : '',
  };
}

function mailbox(text: string): string {
  const address = normaliseAddress(text);
  return address === '<>' || /\s/.test(address) ? '' : address;
}
