import { type EventSink, EventDraft } from '../../../trace/event-draft';
import { parseTimestamp } from '../../../trace/timestamp';
import { type CommonOptions, type Outcome } from '../../source';
import { AGENT, agentOf } from './agent';
import { trimEnd } from '../../log-text/byte-scan';
import { parseLineText } from './line-text';
import { type PostfixLine } from './log-line';
import { REJECT, SKIP } from './outcomes';
import { type SyslogHeader } from '../../log-text/syslog-header';

type Json = Readonly<Record<string, unknown>>;

/** Names of journald (`journalctl -o json`) and of ECS (dotted or nested), the first present one counts. */
const MESSAGE = ['MESSAGE', 'message', 'event.original'];
const PROGRAM = ['SYSLOG_IDENTIFIER', 'log.syslog.appname', 'process.name'];
const HOST = ['_HOSTNAME', 'log.syslog.hostname', 'host.hostname', 'host.name', 'host', 'hostname'];
const JOURNAL_TIME = ['__REALTIME_TIMESTAMP', '_SOURCE_REALTIME_TIMESTAMP'];
/** Microseconds since 1970, of the years 1973 to 2286. */
const MICROSECONDS = /^\d{15,16}$/;
const TIME = ['@timestamp', 'timestamp', 'time'];

/** Takes events that must not be written: of records that lack a stamp. */
const nowhere: EventSink = { draft: new EventDraft(), emit: () => undefined };

/**
 * One JSON object in one line: of the journal, or as shippers write ECS. Its message goes through the parser of ordinary
 * lines. A message that is a whole syslog line brings its own stamp, host and program. Slow, for want of a better log.
 */
export function parseJournalRecord(
  text: string,
  line: PostfixLine,
  header: SyslogHeader,
  options: CommonOptions,
  sink: EventSink,
): Outcome {
  const json = parseObject(text);
  if (!json) return REJECT.json;
  const message = messageBytes(valueOf(json, MESSAGE));
  if (!message) return REJECT.noMessageText;
  line.bytes = message;
  line.to = trimEnd(message, 0, message.length);
  if (line.to === 0) return SKIP.noMessage;
  if (header.read(line, 0) === undefined) return parseLineText(line, sink);

  const program = valueOf(json, PROGRAM);
  const agent = typeof program === 'string' && program.length > 1 ? agentOfText(program) : AGENT.unknown;
  if (agent < AGENT.unknown) return SKIP.notPostfix;
  line.agent = agent;
  line.from = 0;
  const stamp = timeOf(json, options);
  const host = valueOf(json, HOST);
  const placed = setHost(line, host, options) && stamp !== undefined;
  if (stamp) {
    line.time = stamp.time;
    line.resolutionMs = stamp.resolutionMs;
  }
  const outcome = parseLineText(line, placed ? sink : nowhere);
  if (outcome === 'events') return placed ? outcome : stamp ? REJECT.noHost : REJECT.noStamp;
  // Without a program's name only a queue id tells a Postfix line from any other text.
  return agent === AGENT.unknown && line.queueIdTo === 0 ? SKIP.notPostfix : outcome;
}

function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of the first of `names` that has one; a dotted name is looked up as it stands, then level by level. */
function valueOf(json: Json, names: readonly string[]): unknown {
  for (const name of names) {
    const flat = json[name];
    const value = flat ?? (name.includes('.') ? nested(json, name.split('.')) : undefined);
    if (value !== undefined && value !== null && !isObject(value)) return value;
  }
  return undefined;
}

function nested(json: Json, path: readonly string[]): unknown {
  let value: unknown = json;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return value;
}

/** A text, or the array of byte values that journald writes for a message that is no UTF-8. */
function messageBytes(value: unknown): Uint8Array | undefined {
  if (typeof value === 'string') return Uint8Array.from(Buffer.from(value, 'utf8'));
  if (Array.isArray(value) && value.every((byte) => typeof byte === 'number'))
    return Uint8Array.from(value as number[]);
  return undefined;
}

function agentOfText(program: string): number {
  const bytes = Buffer.from(program, 'utf8');
  return agentOf(bytes, 0, bytes.length);
}

function setHost(line: PostfixLine, host: unknown, options: CommonOptions): boolean {
  const name = options.mta ?? (typeof host === 'string' ? host : '');
  line.mta = Buffer.from(name, 'utf8');
  line.mtaFrom = 0;
  line.mtaTo = line.mta.length;
  return line.mtaTo > 0;
}

function timeOf(json: Json, options: CommonOptions): { time: number; resolutionMs: number } | undefined {
  const micros = String(valueOf(json, JOURNAL_TIME));
  if (MICROSECONDS.test(micros)) return { time: Math.floor(Number(micros) / 1000), resolutionMs: 1 };
  const value = valueOf(json, TIME);
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const stamp = parseTimestamp(String(value), options);
  return 'problem' in stamp ? undefined : stamp;
}
