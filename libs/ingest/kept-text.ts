import type { Framing, RawRecord } from '../sources/source';
import type { Pseudonyms } from '../trace/pseudonyms';

const SUBJECT = '[subject]';
/** A field that may be a subject. */
const HIDDEN = '[hidden]';
/**
 * A subject in JSON, in an XML element, in a header block with its continuation lines, in what Postfix logs of a header, in `T=` of Exim, in
 * `Subject=` of CEF and the like.
 */
const SUBJECTS = [
  /(["'][^"'\n]*subject["']\s*:\s*")(?:[^"\\]|\\.)+/gi,
  /(<[\w:.-]*subject(?:\s[^<>]*)?>)[^]*?(?=<\/[\w:.-]*subject\s*>|$)/gi,
  /(\bheader Subject: ).*?(?= from [^\s[]+\[|$)/gim,
  /(^subject:[ \t]*)\S.*(?:\r?\n[ \t].*)*/gim,
  /( T=")(?:[^"\\]|\\.)+/g,
  /(\bsubject=)(?:(?!\s\w+=).)*/gi,
];
/** What follows the empty line behind a header (RFC 5322, 2.1). */
const BODY = /\n\r?\n[^]*$/;
/** A line of a header: a field, or one that goes on with it (RFC 5322, 2.2). */
const HEADER_LINE = /^(?:[!-9;-~]+[ \t]*:|[ \t])/;
/** A CEF line: its `msg` is the subject, up to the next key that Trend writes (formats.md §1.2). */
const CEF_LINE = /^[^,]*\bCEF:\d/;
const CEF_SUBJECT = /(\bmsg=)(?:(?!\s(?:rt|suser|duser|src|deviceTranslatedAddress|act|c[sn]\d(?:Label|Lable)?)=).)*/g;

/** What stands between the fields of a row, whatever its delimiter, and around them. */
const FIELD_BOUNDS = /([,;\t"\r\n])/;
/** A field that says by its form that it is no subject: nothing, a date and time, an IPv4 address, or an address or Message-ID. */
const PLAIN_FIELD =
  /^(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?|\d{1,3}(?:\.\d{1,3}){3}|<?[^\s@<>]+@[^\s@<>]+>?)?$/;

/** How the records of an input were cut, and whether its format writes rows: lines of such a one may be rows that lost their header. */
export interface RecordForm {
  readonly framing: Framing;
  readonly hasRows: boolean;
}

/**
 * What is kept of a rejected record: its text without the subject and the body of the mail, and with pseudonyms where the store has them. A row is damaged when it
 * is rejected, and may be shifted even where it has as many fields as its header: no column of it can be trusted, so only fields that their form tells
 * are kept. Of a record that could not be cut into its fields nobody knows where an address ends: a store with pseudonyms keeps none of its text.
 */
export function keptText(record: RawRecord, form: RecordForm, pseudonyms?: Pseudonyms): Uint8Array {
  const { bytes, from, to, fields, problem } = record;
  const raw = bytes.subarray(from, to);
  if (problem !== undefined && pseudonyms) return Buffer.from(`(${raw.length} bytes, not kept)`);
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('utf8');
  const bare = isRow(text, form) ? plainFields(text) : withoutContent(text, form.framing, fields);
  if (pseudonyms) return Buffer.from(pseudonyms.inText(bare));
  return bare === text ? raw : Buffer.from(bare);
}

function isRow(text: string, { framing, hasRows }: RecordForm): boolean {
  return framing === 'csv' || (framing === 'lines' && hasRows && !CEF_LINE.test(text));
}

function plainFields(row: string): string {
  const parts = row.split(FIELD_BOUNDS);
  // Bounds stand at odd places.
  return parts.map((part, at) => (at % 2 === 1 || PLAIN_FIELD.test(part) ? part : HIDDEN)).join('');
}

/** The text of a record without what is said in the mail: its subject, and of a mail its body. @param fields of a record that was cut into them */
export function withoutContent(text: string, framing: Framing, fields: RawRecord['fields']): string {
  let bare = framing === 'headers' ? headerOf(text) : text;
  for (const [index, name] of (fields?.names ?? []).entries()) {
    const value = fields?.text(index) ?? '';
    if (!/subject/i.test(name) || value.trim() === '') continue;
    // as it is, and as a quoted field of a row (RFC 4180)
    for (const form of [value, value.replaceAll('"', '""')]) bare = bare.replaceAll(form, SUBJECT);
  }
  for (const form of SUBJECTS) bare = bare.replace(form, `$1${SUBJECT}`);
  return CEF_LINE.test(bare) ? bare.replace(CEF_SUBJECT, `$1${SUBJECT}`) : bare;
}

/** Text that somebody took for a mail may have no header: of lines that are none nothing is kept. */
function headerOf(mail: string): string {
  const lines = mail.replace(BODY, '').split('\n');
  return lines.map((line) => (HEADER_LINE.test(line) ? line : HIDDEN)).join('\n');
}
