import { type EventDraft, type EventSink, KIND, STATEMENT, TEXT } from '../../../trace/event-draft';
import { isHesAddress, isHesHost } from '../../../trace/hes-hosts';
import { type Outcome } from '../../source';
import { ASCII, ascii, indexOfPattern, skipBlanks } from '../../log-text/byte-scan';
import { setSender } from '../../log-text/envelope-address';
import { type PostfixLine } from './log-line';
import { SKIP } from './outcomes';
import { setPeer } from './peer';

const FROM_PEER = ascii(' from ');
const SENDER = ascii('; from=<');
const FIELD = ascii('; ');
const EXCEEDED = ascii(' limit exceeded: ');

/**
 * `STAGE from name[address]: reply; …` that names no recipient: a client that was turned away when it connected, or at MAIL. An event where the
 * client is HES's, so that `doctor` can count it; of other clients there may be millions, which say nothing: skipped.
 */
export function parseTurnedAway(line: PostfixLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const stageEnd = indexOfPattern(bytes, FROM_PEER, at, to);
  if (stageEnd < 0) return SKIP.refusalWithoutRecipient;
  const draft = line.begin(sink, KIND.deferred, STATEMENT.noqueue);
  let from = setPeer(draft, bytes, stageEnd + FROM_PEER.length, to);
  if (from < 0 || !isOfHes(draft)) return SKIP.refusalWithoutRecipient;
  // postscreen(8) writes the port behind the address.
  while (from < to && bytes[from] !== ASCII.blank) from++;
  from = skipBlanks(bytes, from, to);
  const fields = indexOfPattern(bytes, FIELD, from, to);
  const replyTo = fields < 0 ? to : fields;
  if (from >= replyTo) return SKIP.refusalWithoutReply;
  draft.bytes(TEXT.smtpReply, bytes, from, replyTo);
  if (bytes[from] === 0x35) draft.kind = KIND.rejected; // 5yz
  const sender = indexOfPattern(bytes, SENDER, from, to);
  if (sender >= 0) setSender(draft, bytes, sender + SENDER.length - 1, to);
  sink.emit();
  return 'events';
}

/**
 * `Connection rate limit exceeded: 61 from name[address] for service smtp` and the like, which smtpd(8) warns of when it answers 421 or 450 for a
 * limit of anvil(8). The log does not quote the answer: the limit and
 * the count stand for it, which tells several of one second apart. An event for HES's clients only.
 */
export function parseLimitWarning(line: PostfixLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const exceeded = indexOfPattern(bytes, EXCEEDED, at, to);
  const peer = exceeded < 0 ? -1 : indexOfPattern(bytes, FROM_PEER, exceeded, to);
  if (peer < 0) return SKIP.warning;
  const draft = line.begin(sink, KIND.deferred, STATEMENT.noqueue);
  if (setPeer(draft, bytes, peer + FROM_PEER.length, to) < 0 || !isOfHes(draft)) return SKIP.warning;
  draft.bytes(TEXT.smtpReply, bytes, at, peer);
  sink.emit();
  return 'events';
}

/** By verified name, else by published address (delay model §4.5); networks of the configuration are not known here. */
function isOfHes(draft: EventDraft): boolean {
  return isHesHost(textOf(draft, TEXT.peer)) || isHesAddress(textOf(draft, TEXT.peerAddress));
}

const textOf = (draft: EventDraft, column: number): string =>
  Buffer.from(draft.buffer[column].subarray(draft.from[column], draft.to[column])).toString('latin1');
