import type { RawRecord } from '../source';
import { KEPT_OF_TOO_LONG, MIB, NONE, ReusedRecord, type Framer } from './framer';
import { GrowingBytes } from './growing-bytes';
import { LineFramer } from './line-framer';

const FROM = Buffer.from('From ');
/**
 * The line between the messages of an mbox (RFC 4155): `From address date`. The date is asked for because not every program that
 * writes an mbox escapes the body lines that begin with "From ".
 */
const FROM_LINE = /^From \S.*\b\d\d?:\d\d\b.*\b\d{4}\b/;
const LF = 10;
const LINE_END = Buffer.from('\n');
/** Real header blocks have a few KiB. */
const LARGEST_HEADER = MIB;
/** Of a body this much is kept: a delivery status notification names its times there. */
const KEPT_OF_BODY = 64 * 1024;

/**
 * Mails: an EML file or pasted header text is one record; an mbox, whose first line begins with "From ", has one record per message,
 * without that line. A record is the header block and the first 64 KiB of the body, its line ends LF. Of a header block over
 * 1 MiB 64 KiB are kept, and the record has a problem. Blank lines before the header are left out.
 */
export class HeaderFramer implements Framer {
  private readonly lines = new LineFramer();
  private readonly record = new ReusedRecord();
  private readonly mail = new GrowingBytes();
  private chunk: Buffer = NONE;
  /** bytes [keptFrom, keptTo) of the chunk belong to the mail and are not copied yet: many lines at one go */
  private keptFrom = 0;
  private keptTo = 0;
  private ended = false;
  private part: 'none' | 'header' | 'body' = 'none';
  private firstLine = 0;
  private bodyBytes = 0;
  private isMbox = false;
  private afterBlank = true;

  push(chunk: Buffer): void {
    this.chunk = chunk;
    this.lines.push(chunk);
  }

  end(): void {
    this.lines.end();
    this.ended = true;
  }

  next(): RawRecord | undefined {
    for (let line = this.lines.next(); line; line = this.lines.next()) {
      if (this.separates(line)) {
        this.isMbox = true;
        const mail = this.take();
        if (mail) return mail;
      } else {
        this.add(line);
      }
      this.afterBlank = line.from === line.to;
    }
    this.copyKept();
    return this.ended ? this.take() : undefined;
  }

  private separates(line: RawRecord): boolean {
    const { bytes, from, to } = line;
    if (!this.afterBlank || to - from < FROM.length || FROM.compare(bytes, from, from + FROM.length) !== 0)
      return false;
    if (this.part === 'none') return true;
    return (
      this.isMbox && FROM_LINE.test(Buffer.from(bytes.subarray(from, Math.min(to, from + 1000))).toString('latin1'))
    );
  }

  private add(line: RawRecord): void {
    const blank = line.from === line.to;
    if (this.part === 'none') {
      if (blank) return;
      this.part = 'header';
      this.firstLine = line.line;
    }
    if (this.part === 'header') {
      if (blank) this.part = 'body';
      else if (this.length <= LARGEST_HEADER) this.keep(line, line.to);
    } else if (this.bodyBytes < KEPT_OF_BODY && this.length <= LARGEST_HEADER) {
      if (this.bodyBytes === 0) {
        this.copyKept();
        this.mail.append(LINE_END, 0, 1);
      }
      this.keep(line, Math.min(line.to, line.from + KEPT_OF_BODY - this.bodyBytes));
      this.bodyBytes += line.to - line.from + 1;
    }
  }

  /** Bytes of the mail so far. */
  private get length(): number {
    return this.mail.length + this.keptTo - this.keptFrom;
  }

  private keep({ bytes, from }: RawRecord, to: number): void {
    const isNext = bytes === this.chunk && from === this.keptTo + 1 && this.keptTo > this.keptFrom;
    if (isNext && bytes[this.keptTo] === LF) {
      this.keptTo = to;
      return;
    }
    this.copyKept();
    if (this.mail.length > 0) this.mail.append(LINE_END, 0, 1);
    if (bytes !== this.chunk) return this.mail.append(bytes as Buffer, from, to);
    this.keptFrom = from;
    this.keptTo = to;
  }

  private copyKept(): void {
    if (this.keptTo > this.keptFrom) this.mail.append(this.chunk, this.keptFrom, this.keptTo);
    this.keptFrom = this.keptTo = 0;
  }

  /** The mail so far as a record, if one has begun. */
  private take(): RawRecord | undefined {
    if (this.part === 'none') return undefined;
    this.copyKept();
    const { record } = this;
    const headerBytes = this.bodyBytes === 0 ? this.mail.length : 0;
    record.bytes = this.mail.take();
    record.to = record.bytes.length;
    record.line = this.firstLine;
    record.problem = undefined;
    if (headerBytes > LARGEST_HEADER) {
      record.to = KEPT_OF_TOO_LONG;
      record.problem = 'mail header larger than 1 MiB';
    }
    this.part = 'none';
    this.bodyBytes = 0;
    return record;
  }
}
