import { KIND, STATEMENT, TEXT, type EventSink } from '../../../trace/event-draft';
import type { Stamp } from '../../../trace/timestamp';
import type { CommonOptions, Outcome, RawRecord, RecordParser } from '../../source';
import { readHeaderBlock } from './header-block';
import { readTraceChain, type ChainHop, type TraceChain } from './trace-chain';
import { acceptedAt, type TrendPass } from './trend-hops';

/** The MTA name of HES custody: Trend's hosts act as one (delay model §2). */
export const HES_MTA = 'hes';
const PRODUCT = Buffer.from('trace-headers');

/**
 * Turns one mail into the events of its trace header, oldest first: per MTA `received`, and `relayed` at the stamp of the next one; for
 * HES also `deferred` through a retry pool; `delivered` at the top. What the mapping is and why: README.md of this folder.
 */
export class TraceHeaderParser implements RecordParser {
  constructor(private readonly options: CommonOptions) {}

  parse(record: RawRecord, sink: EventSink): Outcome {
    const fields = readHeaderBlock(record.bytes, record.from, record.to);
    if (fields.length === 0) return { reject: 'no mail header found' };
    const chain = readTraceChain(fields, this.options);
    if (chain.hops.length === 0 && chain.passes.length === 0) return { skip: 'mail without Received fields' };
    return emitChain(chain, sink) ? 'events' : { reject: 'no Received field has a date-time that can be read' };
  }
}

/** One custody in a chain: by an MTA, or by HES as a whole. */
interface Custody {
  readonly mta: string;
  readonly stamp: Stamp;
  /** the field that began it, and the last one; none of HES */
  readonly hop?: ChainHop;
  readonly top?: ChainHop;
  readonly pass?: TrendPass;
}

/** The custodies of a chain, oldest first. */
function custodiesOf(chain: TraceChain): Custody[] {
  const custodies: Custody[] = [];
  const hes = (pass: TrendPass): void => {
    const stamp = acceptedAt(pass);
    if (stamp) custodies.push({ mta: HES_MTA, stamp, pass });
  };
  const pending = [...chain.passes];
  for (const hop of chain.hops) {
    while (pending.length > 0 && pending[0].place >= hop.place) hes(pending.shift()!);
    if (hop.hes || !hop.host || !hop.stamp) continue;
    const before = custodies.at(-1);
    // A further field without queue id, as qmail writes, tells nothing by which the store could keep it apart from the one below.
    if (before?.hop && !hop.received.queueId && before.mta.toLowerCase() === hop.host.toLowerCase()) {
      custodies[custodies.length - 1] = { ...before, top: hop };
    } else {
      custodies.push({ mta: hop.host, stamp: hop.stamp, hop, top: hop });
    }
  }
  pending.forEach(hes);
  return custodies;
}

/** Emits the events of a chain, oldest first; returns how many. */
export function emitChain(chain: TraceChain, sink: EventSink): number {
  let count = 0;
  const custodies = custodiesOf(chain);
  const lastHes = custodies.findLastIndex(({ pass }) => pass !== undefined);
  const emit = (kind: number, statement: number, stamp: Stamp | undefined, at: number, fill: () => void): void => {
    if (!stamp) return;
    sink.draft.begin(kind, statement, stamp.time, stamp.resolutionMs);
    sink.draft.text(TEXT.mta, custodies[at].mta);
    sink.draft.bytes(TEXT.product, PRODUCT, 0, PRODUCT.length);
    sink.draft.text(TEXT.messageId, chain.messageId);
    // What a list or an alias behind HES made of the recipient was not known before: two copies of one mail would be one to their MTAs.
    if (at <= lastHes) sink.draft.text(TEXT.recipient, chain.originalRecipient || chain.recipient);
    else {
      sink.draft.text(TEXT.recipient, chain.recipient);
      sink.draft.text(TEXT.originalRecipient, chain.originalRecipient);
    }
    fill();
    sink.emit();
    count++;
  };
  const identify = ({ hop, pass }: Custody): void => {
    sink.draft.text(TEXT.queueId, (hop ?? pass?.stamps[0])?.received.queueId);
    sink.draft.text(TEXT.transactionId, pass?.transactionId);
  };
  custodies.forEach((custody, at) => {
    const { stamp, hop, pass } = custody;
    const taken = pass?.mailReceivedTime ? STATEMENT['mail-received-time'] : STATEMENT['received-field'];
    emit(KIND.received, taken, stamp, at, () => {
      identify(custody);
      const client = (hop ?? pass?.stamps[0])?.received;
      sink.draft.text(TEXT.peer, client?.peer);
      sink.draft.text(TEXT.peerAddress, client?.peerAddress);
    });
    // A pool's queue id is not that of the accepting host: it would begin another ownership at the MTA `hes`.
    emit(KIND.deferred, STATEMENT['received-field'], pass?.retryPool?.stamp, at, () => {
      sink.draft.text(TEXT.transactionId, pass?.transactionId);
    });
    const next = custodies.at(at + 1);
    if (!next) return;
    // The next stamp is when the next MTA accepted: until then this one had custody (both ends are one SMTP transaction).
    emit(KIND.relayed, STATEMENT['received-field'], next.stamp, at, () => {
      identify(custody);
      sink.draft.text(TEXT.nextMta, next.mta);
      sink.draft.text(TEXT.nextQueueId, next.hop?.received.queueId);
    });
  });
  const last = custodies.at(-1);
  // HES has no mailboxes, and what an undated MTA delivered was not delivered by the one before it: no such mail says when it arrived.
  if (chain.delivered && last?.top && last.top === chain.hops.at(-1)) {
    emit(KIND.delivered, STATEMENT['delivered-to'], last.top.stamp, custodies.length - 1, () => {
      identify(last);
      sink.draft.text(TEXT.sender, chain.returnPath);
    });
  }
  return count;
}
