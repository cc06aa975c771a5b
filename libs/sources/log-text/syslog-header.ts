import { SyslogStamps } from '../../trace/syslog-stamp';
import { type CommonOptions, type Outcome } from '../source';
import { ASCII, ascii, indexOfByte, isDigit, skipBlanks, startsWith } from './byte-scan';
import { type LogLine } from './log-line';

const VERSION_1 = ascii('1 ');
const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

const reject = (reason: string): Outcome => Object.freeze({ reject: reason });
/** What may be wrong with a header, whoever wrote the line. */
export const HEADER_REJECT = {
  noStamp: reject('no time stamp'),
  noHost: reject('no host name: pass --mta'),
  header: reject('line ends in its header'),
} as const;

/** What a source's lines have for a program name. */
export interface Programs {
  /** the source's number of the program that is named in [from, to), from 0; −1 when it is none of the source's */
  agentOf(bytes: Uint8Array, from: number, to: number): number;
  /** what becomes of another program's line */
  readonly others: Outcome;
}

/**
 * Reads the envelope of a syslog line: `Mmm d hh:mm:ss host program[pid]: ` (RFC 3164, rsyslog's default file format and
 * postlogd), the same with an ISO stamp and with or without colon, and RFC 5424 (§6; a blank or two before the text,
 * formats.md §13.16), each with or without `<priority>`.
 */
export class SyslogHeader {
  private readonly stamps: SyslogStamps;
  private readonly mta: Uint8Array | undefined;

  constructor(
    options: CommonOptions,
    private readonly programs: Programs,
  ) {
    this.stamps = new SyslogStamps(options);
    this.mta = options.mta === undefined ? undefined : Uint8Array.from(Buffer.from(options.mta, 'utf8'));
  }

  /** Fills time, MTA, agent and the begin of the text of `line` from [from, line.to); answers why not, if not. */
  read(line: LogLine, from: number): Outcome | undefined {
    const { bytes, to } = line;
    let at = from;
    let structured = false;
    if (bytes[at] === ASCII.less) {
      at++;
      while (at < to && isDigit(bytes[at])) at++;
      if (at < to && bytes[at] === ASCII.greater) at++;
      structured = startsWith(bytes, at, to, VERSION_1);
      at = skipBlanks(bytes, structured ? at + VERSION_1.length : at, to);
    }
    line.yearless = bytes[at] > ASCII.nine;
    at = this.stamps.parse(bytes, at, to);
    if (at < 0) return HEADER_REJECT.noStamp;
    line.time = this.stamps.time;
    line.resolutionMs = this.stamps.resolutionMs;

    const hostFrom = skipBlanks(bytes, at, to);
    const hostTo = tokenEnd(bytes, hostFrom, to);
    const programFrom = skipBlanks(bytes, hostTo, to);
    if (
      bytes[hostTo - 1] === ASCII.colon &&
      this.programs.agentOf(bytes, hostFrom, programEnd(bytes, hostFrom, to)) >= 0
    ) {
      // Some relays and containers write no host name.
      this.setMta(line, 0, 0);
      return this.readProgram(line, hostFrom, false);
    }
    this.setMta(line, hostFrom, structured && isNil(bytes, hostFrom, hostTo) ? hostFrom : hostTo);
    return this.readProgram(line, programFrom, structured);
  }

  /** Sets the MTA to [from, to) of the line, unless the options name it. */
  setMta(line: LogLine, from: number, to: number): void {
    const { mta } = this;
    line.mta = mta ?? line.bytes;
    line.mtaFrom = mta ? 0 : from;
    line.mtaTo = mta ? mta.length : to;
  }

  private readProgram(line: LogLine, from: number, structured: boolean): Outcome | undefined {
    const { bytes, to } = line;
    let at = programEnd(bytes, from, to);
    const agent = this.programs.agentOf(bytes, from, at);
    if (agent < 0) return at > from ? this.programs.others : HEADER_REJECT.header;
    line.agent = agent;
    at = structured ? afterStructuredData(bytes, at, to) : afterProcessId(bytes, at, to);
    if (at < 0 || at >= to) return HEADER_REJECT.header;
    line.from = at;
    return line.mtaTo === line.mtaFrom ? HEADER_REJECT.noHost : undefined;
  }
}

function programEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== ASCII.openBracket && bytes[at] !== ASCII.colon && bytes[at] !== ASCII.blank) at++;
  return at;
}

function tokenEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== ASCII.blank) at++;
  return at;
}

function isNil(bytes: Uint8Array, from: number, to: number): boolean {
  return to === from + 1 && bytes[from] === ASCII.dash;
}

/** `[123]: text`, `[123] text`, `: text` → position of the text, or −1. */
function afterProcessId(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  if (bytes[at] === ASCII.openBracket) {
    at = indexOfByte(bytes, ASCII.closeBracket, at, to) + 1;
    if (at === 0) return -1;
  }
  if (bytes[at] === ASCII.colon) at++;
  return skipBlanks(bytes, at, to);
}

/** ` PROCID MSGID [SD-ELEMENT…] text` of RFC 5424 §6 → position of the text, or −1. */
function afterStructuredData(bytes: Uint8Array, from: number, to: number): number {
  let at = skipBlanks(bytes, from, to);
  for (let field = 0; field < 2; field++) at = skipBlanks(bytes, tokenEnd(bytes, at, to), to);
  if (bytes[at] === ASCII.dash) at++;
  else {
    while (at < to && bytes[at] === ASCII.openBracket) {
      at = elementEnd(bytes, at, to);
      if (at < 0) return -1;
    }
  }
  at = skipBlanks(bytes, at, to);
  return startsWith(bytes, at, to, BYTE_ORDER_MARK) ? skipBlanks(bytes, at + BYTE_ORDER_MARK.length, to) : at;
}

/** Position behind the SD-ELEMENT that begins at `from`; a `]` within quotes does not end it. */
function elementEnd(bytes: Uint8Array, from: number, to: number): number {
  let quoted = false;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === ASCII.backslash) at++;
    else if (byte === ASCII.quote) quoted = !quoted;
    else if (byte === ASCII.closeBracket && !quoted) return at + 1;
  }
  return -1;
}
