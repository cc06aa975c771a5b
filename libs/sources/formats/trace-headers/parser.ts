import { KIND, STATEMENT, TEXT, type EventSink } from '../../../trace/event-draft';
import type { Stamp } from '../../../trace/timestamp';
import type { CommonOptions, Outcome, RawRecord, RecordParser } from '../../source';
import { readHeaderBlock } from './header-block';
import { readTraceChain, type ChainHop, type TraceChain } from './trace-chain';
import { acceptedAt, type TrendPass } from './trend-hops';

/** The MTA name of HES custody: Trend's hosts act as one (delay model §2). */
export const HES_MTA = 'hes';
const PRODUCT = 'trace-headers';

/**
 * Turns one mail into the events of its trace header, oldest first: `received` per MTA, for HES `received` and, through a retry
 * pool, `deferred`; `delivered` at the top. What the mapping is and why: README.md of this folder.
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

/** Emits the events of a chain, oldest first; returns how many. */
export function emitChain(chain: TraceChain, sink: EventSink): number {
  let count = 0;
  const emit = (kind: number, statement: number, stamp: Stamp | undefined, mta: string, fill?: () => void): void => {
    if (!stamp || !mta) return;
    sink.draft.begin(kind, statement, stamp.time, stamp.resolutionMs);
    sink.draft.text(TEXT.mta, mta);
    sink.draft.text(TEXT.product, PRODUCT);
    sink.draft.text(TEXT.messageId, chain.messageId);
    sink.draft.text(TEXT.recipient, chain.recipient);
    sink.draft.text(TEXT.originalRecipient, chain.originalRecipient);
    fill?.();
    sink.emit();
    count++;
  };
  const clientOf = (hop: ChainHop | undefined): void => {
    sink.draft.text(TEXT.peer, hop?.received.peer);
    sink.draft.text(TEXT.peerAddress, hop?.received.peerAddress);
    sink.draft.text(TEXT.queueId, hop?.received.queueId);
  };
  const hesCustody = (pass: TrendPass): void => {
    const statement = pass.mailReceivedTime ? STATEMENT['mail-received-time'] : STATEMENT['received-field'];
    emit(KIND.received, statement, acceptedAt(pass), HES_MTA, () => {
      clientOf(pass.stamps[0]);
      sink.draft.text(TEXT.transactionId, pass.transactionId);
    });
    // A pool's queue id is not that of the accepting host: it would begin another ownership at the MTA `hes`.
    emit(KIND.deferred, STATEMENT['received-field'], pass.retryPool?.stamp, HES_MTA, () => {
      sink.draft.text(TEXT.transactionId, pass.transactionId);
    });
  };
  const pending = [...chain.passes];
  for (const hop of chain.hops) {
    while (pending.length > 0 && pending[0].place >= hop.place) hesCustody(pending.shift()!);
    if (!hop.hes) emit(KIND.received, STATEMENT['received-field'], hop.stamp, hop.host, () => clientOf(hop));
  }
  pending.forEach(hesCustody);
  const last = chain.hops.at(-1);
  if (chain.delivered && last) {
    emit(KIND.delivered, STATEMENT['delivered-to'], last.stamp, last.hes ? HES_MTA : last.host, () => {
      sink.draft.text(TEXT.sender, chain.returnPath);
    });
  }
  return count;
}
