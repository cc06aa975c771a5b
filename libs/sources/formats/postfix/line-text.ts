import { type EventSink, STATEMENT } from '../../../trace/event-draft';
import { type Outcome } from '../../source';
import { ascii, indexOfPattern, skipBlanks, startsWith } from '../../log-text/byte-scan';
import { parseDelivery } from './delivery-line';
import { type PostfixLine } from './log-line';
import { parseClient, parseMessageId, parsePickup } from './opening-line';
import { REJECT, SKIP } from './outcomes';
import { queueIdEnd } from './queue-id';
import { parseDiscarded, parseQueueManager, parseReleased, parseRemoved } from './queue-line';
import { parseHold, parseRefusal } from './refusal-line';
import { parseLimitWarning } from './turned-away';

const TO = ascii('to=');
const FROM = ascii('from=');
const CLIENT = ascii('client=');
const MESSAGE_ID = ascii('message-id=');
const RESENT_MESSAGE_ID = ascii('resent-message-id=');
const UID = ascii('uid=');
const REMOVED = ascii('removed');
const RELEASED = ascii('released from hold');
const PLACED_ON_HOLD = ascii('placed on hold');
const HOLD = ascii('hold: ');
const MILTER_HOLD = ascii('milter-hold: ');
const DISCARD = ascii('discard: ');
const MILTER_DISCARD = ascii('milter-discard: ');
const REJECT_ = ascii('reject: ');
const MILTER_REJECT = ascii('milter-reject: ');
const PROXY_REJECT = ascii('proxy-reject: ');
const PROXY = ascii('proxy-');
const HOST = ascii('host ');
const NOTIFICATION = ascii('notification: ');
const WARNING = ascii('warning: ');
const RELAY_FIELD = ascii(', relay=');
const STATUS_FIELD = ascii(', status=');

const NOQUEUE = ascii('NOQUEUE: ');
const CONNECT_FROM = ascii('connect from ');
const DISCONNECT_FROM = ascii('disconnect from ');
const LOST_CONNECTION = ascii('lost connection ');
const TIMEOUT = ascii('timeout after ');
const CONNECT_TO = ascii('connect to ');
const STATISTICS = ascii('statistics: ');
const REPEATED = ascii('message repeated ');

/** What stands behind the envelope of a line: the queue id decides whether it speaks of a message, the next word how. */
export function parseLineText(line: PostfixLine, sink: EventSink): Outcome {
  const { bytes, from, to } = line;
  const idEnd = queueIdEnd(bytes, from, to);
  if (idEnd < 0) {
    line.queueIdFrom = line.queueIdTo = 0;
    return parseWithoutQueueId(line, from, sink);
  }
  line.queueIdFrom = from;
  line.queueIdTo = idEnd;
  // Old versions write no blank behind the colon.
  const at = skipBlanks(bytes, idEnd + 1, to);
  if (at >= to) return REJECT.cutAfterQueueId;
  switch (bytes[at]) {
    case 0x74: // t
      if (startsWith(bytes, at, to, TO)) return parseDelivery(line, at + TO.length, sink);
      break;
    case 0x6d: // m
      if (startsWith(bytes, at, to, MESSAGE_ID)) return parseMessageId(line, at + MESSAGE_ID.length, sink);
      break;
    case 0x63: // c
      if (startsWith(bytes, at, to, CLIENT)) return parseClient(line, at + CLIENT.length, sink);
      break;
    case 0x66: // f
      if (startsWith(bytes, at, to, FROM)) return parseQueueManager(line, at + FROM.length, sink);
      break;
    case 0x72: // r
      if (startsWith(bytes, at, to, REMOVED)) return parseRemoved(line, sink);
      break;
    case 0x75: // u
      if (startsWith(bytes, at, to, UID)) return parsePickup(line, at + UID.length, sink);
      break;
  }
  return parseRarer(line, at, sink);
}

function parseRarer(line: PostfixLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  if (startsWith(bytes, at, to, REJECT_)) return parseRefusal(line, at + REJECT_.length, sink, STATEMENT.reject);
  if (startsWith(bytes, at, to, MILTER_REJECT)) {
    return parseRefusal(line, at + MILTER_REJECT.length, sink, STATEMENT['milter-reject']);
  }
  if (startsWith(bytes, at, to, PROXY_REJECT)) {
    return parseRefusal(line, at + PROXY_REJECT.length, sink, STATEMENT.reject);
  }
  if (startsWith(bytes, at, to, HOLD)) return parseHold(line, at + HOLD.length, sink);
  if (startsWith(bytes, at, to, MILTER_HOLD)) return parseHold(line, at + MILTER_HOLD.length, sink);
  if (startsWith(bytes, at, to, PLACED_ON_HOLD)) return parseHold(line, to, sink);
  if (startsWith(bytes, at, to, RELEASED)) return parseReleased(line, sink);
  if (startsWith(bytes, at, to, DISCARD) || startsWith(bytes, at, to, MILTER_DISCARD))
    return parseDiscarded(line, sink);
  if (startsWith(bytes, at, to, RESENT_MESSAGE_ID)) return SKIP.resentMessageId;
  if (startsWith(bytes, at, to, WARNING)) return SKIP.warning;
  if (startsWith(bytes, at, to, HOST)) return SKIP.attemptNote;
  if (startsWith(bytes, at, to, LOST_CONNECTION)) return SKIP.attemptNote;
  if (indexOfPattern(bytes, NOTIFICATION, at, to) >= 0) return SKIP.notification;
  // Has the fields of a delivery, but not at the place where they stand.
  const status = indexOfPattern(bytes, STATUS_FIELD, at, to);
  if (status > 0 && indexOfPattern(bytes, RELAY_FIELD, at, status) > 0) return REJECT.delivery;
  return SKIP.other;
}

function parseWithoutQueueId(line: PostfixLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  if (startsWith(bytes, at, to, NOQUEUE)) return parseNoQueue(line, at + NOQUEUE.length, sink);
  if (startsWith(bytes, at, to, CONNECT_FROM) || startsWith(bytes, at, to, DISCONNECT_FROM)) return SKIP.client;
  if (startsWith(bytes, at, to, LOST_CONNECTION) || startsWith(bytes, at, to, TIMEOUT)) return SKIP.client;
  if (startsWith(bytes, at, to, CONNECT_TO)) return SKIP.nextMta;
  if (startsWith(bytes, at, to, WARNING)) return parseLimitWarning(line, at + WARNING.length, sink);
  if (startsWith(bytes, at, to, STATISTICS)) return SKIP.statistics;
  if (startsWith(bytes, at, to, REPEATED)) return SKIP.repeated;
  if (startsWith(bytes, at, to, PROXY_REJECT)) return parseNoQueue(line, at, sink);
  if (startsWith(bytes, at, to, PROXY)) return SKIP.proxied;
  return SKIP.noMessage;
}

/** Behind `NOQUEUE: `: refusals before a queue file exists are the evidence of HES waiting (delay model §3). */
function parseNoQueue(line: PostfixLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  for (let i = 0; i < REFUSALS.length; i++) {
    const keyword = REFUSALS[i];
    if (startsWith(bytes, at, to, keyword)) return parseRefusal(line, at + keyword.length, sink, STATEMENT.noqueue);
  }
  if (startsWith(bytes, at, to, HOLD)) return parseHold(line, at + HOLD.length, sink);
  if (startsWith(bytes, at, to, CLIENT) || startsWith(bytes, at, to, PROXY)) return SKIP.proxied;
  if (startsWith(bytes, at, to, LOST_CONNECTION)) return SKIP.client;
  return SKIP.noMessage;
}

const REFUSALS: readonly Uint8Array[] = [REJECT_, MILTER_REJECT, PROXY_REJECT];
