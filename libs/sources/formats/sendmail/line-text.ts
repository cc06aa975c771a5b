import { type EventSink, KIND, STATEMENT } from '../../../trace/event-draft';
import { ASCII, ascii, indexOfPattern, skipBlanks, startsWith } from '../../log-text/byte-scan';
import { type LogLine } from '../../log-text/log-line';
import { type Outcome } from '../../source';
import { parseFrom } from './from-line';
import { REJECT, SKIP } from './outcomes';
import { queueIdEnd } from './queue-id';
import { parseMilter, parseRuleset, parseUnknownRecipient } from './refusal-line';
import { parseTo } from './to-line';

const TO = ascii('to=');
const FROM = ascii('from=');
const RULESET = ascii('ruleset=');
const MILTER = ascii('Milter');
const MILTER_COLON = ascii('Milter: ');
/** More detailed notes (MilterLogLevel above 10); what a filter refuses stands in a line `Milter: …` as well. */
const MILTER_NOTE = ascii('milter=');
const NO_QUEUE = ascii('NOQUEUE: ');
const DONE = ascii('done; ');
const AUTHENTICATION_WARNING = ascii('Authentication-Warning');
const SESSION = ['STARTTLS', 'AUTH', 'SMTP outgoing connect', 'lost input channel', 'collect: '].map(ascii);
/** All recipients that are left are given up: queue return time, `confTO_QUEUERETURN`. */
const GIVEN_UP = ascii(': Cannot send message for ');

/** Sets the range of the queue id, where the text begins with one; answers whether it does. */
export function readQueueId(line: LogLine): boolean {
  const end = queueIdEnd(line.bytes, line.from, line.to);
  line.queueIdFrom = end < 0 ? 0 : line.from;
  line.queueIdTo = end < 0 ? 0 : end;
  return end >= 0;
}

/** What stands behind the envelope of a line, whose queue id has been read ({@link readQueueId}). */
export function parseLineText(line: LogLine, sink: EventSink): Outcome {
  const { bytes, to } = line;
  if (line.queueIdTo === 0) return parseSession(line, sink);
  const at = skipBlanks(bytes, line.queueIdTo + 1, to);
  if (at >= to) return REJECT.cutAfterQueueId;
  if (startsWith(bytes, at, to, TO)) return parseTo(line, at + TO.length, sink);
  if (startsWith(bytes, at, to, FROM)) return parseFrom(line, at + FROM.length, sink);
  return parseRarer(line, at, sink);
}

/** What is said of a client before there is a queue id. */
function parseSession(line: LogLine, sink: EventSink): Outcome {
  const { bytes, from, to } = line;
  const at = startsWith(bytes, from, to, NO_QUEUE) ? from + NO_QUEUE.length : from;
  if (startsWith(bytes, at, to, RULESET)) return parseRuleset(line, at + RULESET.length, sink);
  if (startsWith(bytes, at, to, MILTER_COLON)) return parseMilter(line, at + MILTER_COLON.length, sink);
  return SKIP.noMessage;
}

function parseRarer(line: LogLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  if (startsWith(bytes, at, to, RULESET)) return parseRuleset(line, at + RULESET.length, sink);
  if (startsWith(bytes, at, to, MILTER_COLON)) return parseMilter(line, at + MILTER_COLON.length, sink);
  if (startsWith(bytes, at, to, MILTER) || startsWith(bytes, at, to, MILTER_NOTE)) return SKIP.milter;
  if (bytes[at] === ASCII.less) return parseUnknownRecipient(line, at, sink);
  // Sendmail's queue ids are not used again, so their end says nothing; and it may be logged before the last delivery.
  if (startsWith(bytes, at, to, DONE)) return SKIP.done;
  if (startsWith(bytes, at, to, AUTHENTICATION_WARNING)) return SKIP.warning;
  for (let i = 0; i < SESSION.length; i++) if (startsWith(bytes, at, to, SESSION[i])) return SKIP.session;
  const report = queueIdEnd(bytes, at, to);
  if (report < 0) return SKIP.other;
  if (indexOfPattern(bytes, GIVEN_UP, report, to) < 0) return SKIP.notification;
  line.begin(sink, KIND.expired, STATEMENT.expired);
  sink.emit();
  return 'events';
}
