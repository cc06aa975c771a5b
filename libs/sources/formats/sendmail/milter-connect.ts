import { type EventSink, KIND, STATEMENT, TEXT } from '../../../trace/event-draft';
import { ascii, indexOfPattern, startsWith } from '../../log-text/byte-scan';
import { type LogLine } from '../../log-text/log-line';
import { type Outcome } from '../../source';
import { setName } from './host';
import { SKIP } from './outcomes';

const HOST = ascii('host=');
const ADDRESS = ascii(', addr=');
const COMMA = ascii(', ');
const IPV6 = ascii('IPv6:');
/** What a milter does with a client, each with what it means for the mail: refused for good, or to come again. */
const VERDICTS = [
  { words: ascii('rejecting commands'), kind: KIND.rejected, withReply: false },
  { words: ascii('reject='), kind: KIND.rejected, withReply: true },
  { words: ascii('temp failing commands'), kind: KIND.deferred, withReply: false },
  { words: ascii('shutdown='), kind: KIND.deferred, withReply: true },
  { words: ascii('shutdown'), kind: KIND.deferred, withReply: false },
] as const;

/**
 * `host=name, addr=ip, rejecting commands`, behind `Milter: connect: ` (`at` is there): a milter turns a client away before there is a message. The
 * reply is that of `reject=` or `shutdown=`, else the words themselves. Source: sendmail 8.18, srvrsmtp.c.
 */
export function parseMilterConnect(line: LogLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const address = startsWith(bytes, at, to, HOST) ? indexOfPattern(bytes, ADDRESS, at, to) : -1;
  const end = address < 0 ? -1 : indexOfPattern(bytes, COMMA, address + ADDRESS.length, to);
  const verdict = end < 0 ? undefined : VERDICTS.find(({ words }) => startsWith(bytes, end + 2, to, words));
  if (!verdict) return SKIP.milter;
  const { words, kind, withReply } = verdict;
  const draft = line.begin(sink, kind, STATEMENT.noqueue);
  setName(draft, TEXT.peer, bytes, at + HOST.length, address);
  const ip = address + ADDRESS.length;
  draft.bytes(TEXT.peerAddress, bytes, startsWith(bytes, ip, end, IPV6) ? ip + IPV6.length : ip, end);
  draft.bytes(TEXT.smtpReply, bytes, withReply ? end + 2 + words.length : end + 2, to);
  sink.emit();
  return 'events';
}
