/** One field of a message header: RFC 5322 §2.2, with its name lower-cased and its body on one line. */
export interface HeaderField {
  readonly name: string;
  readonly body: string;
}

/** Nothing beyond this many bytes of a record is looked at: real headers are a few KiB, a body without an empty line is not. */
export const HEADER_LIMIT = 1 << 20;

const LF = 10;
const CR = 13;
const LINE_END = /\r\n|\n|\r/;
/** White space that is not one blank between words. */
const ODD_SPACE = /\s\s|[^\S ]|^ | $/;
const FIELD = /^([!-9;-~]+)[ \t]*:/;

/**
 * Reads the header of bytes [from, to): up to the first empty line, at most {@link HEADER_LIMIT} bytes.
 *
 * Unfolds (RFC 5322 §2.2.3) and is lenient where pasted text is: a byte order mark, empty lines and an mbox `From ` line
 * before the header are passed over, and a line that is neither a field nor folded continues the field before it (web
 * mail consoles lose the white space of folded lines). Never throws; bytes that are not UTF-8 become U+FFFD.
 */
export function readHeaderBlock(bytes: Uint8Array, from = 0, to = bytes.length): HeaderField[] {
  const begin = skipEmptyLines(bytes, skipByteOrderMark(bytes, from, to), to);
  const end = headerEnd(bytes, begin, Math.min(to, begin + HEADER_LIMIT));
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + begin, end - begin).toString('utf8');
  const fields: { name: string; body: string }[] = [];
  for (const line of text.split(LINE_END)) {
    const field = FIELD.exec(line);
    if (field) {
      fields.push({ name: field[1].toLowerCase(), body: line.slice(field[0].length).trim() });
    } else if (fields.length > 0) {
      fields[fields.length - 1].body += ` ${line.trim()}`;
    }
  }
  for (const field of fields) if (ODD_SPACE.test(field.body)) field.body = field.body.replace(/\s+/g, ' ').trim();
  return fields;
}

/** Body of the topmost field of this name (lower-case), '' without one. */
export function firstBody(fields: readonly HeaderField[], name: string): string {
  return fields.find((field) => field.name === name)?.body ?? '';
}

/** Where the header that begins at `from` ends: at the line end before its first empty line, else at `to`. */
export function headerEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0 && at < to; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF || (bytes[at + 1] === CR && bytes[at + 2] === LF)) return at;
  }
  return to;
}

function skipByteOrderMark(bytes: Uint8Array, from: number, to: number): number {
  return to - from >= 3 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf
    ? from + 3
    : from;
}

function skipEmptyLines(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === LF || bytes[at] === CR)) at++;
  return at;
}
