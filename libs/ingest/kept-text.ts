import type { RawRecord } from '../sources/source';
import type { Pseudonyms } from '../trace/pseudonyms';

const HIDDEN = '[subject]';
/** A subject in JSON, in a header block with its continuation lines, in what Postfix logs of a header, in `T=` of Exim, and in `Subject=` of CEF and the like. */
const SUBJECTS = [
  /(["']subject["']\s*:\s*")(?:[^"\\]|\\.)+/gi,
  /(\bheader Subject: ).*?(?= from [^\s[]+\[|$)/gim,
  /(^subject:[ \t]*)\S.*(?:\r?\n[ \t].*)*/gim,
  /( T=")(?:[^"\\]|\\.)+/g,
  /(\bsubject=)(?:(?!\s\w+=).)*/gi,
];

/**
 * What is kept of a rejected record: its text without the subject of the mail, and with pseudonyms where the store has them. Of a record that could
 * not be cut into its fields nobody knows where the subject is: a store with pseudonyms keeps none of its text.
 */
export function keptText({ bytes, from, to, fields, problem }: RawRecord, pseudonyms?: Pseudonyms): Uint8Array {
  const raw = bytes.subarray(from, to);
  if (problem !== undefined && pseudonyms) return Buffer.from(`(${raw.length} bytes, not kept)`);
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('utf8');
  const bare = withoutSubject(text, fields);
  if (pseudonyms) return Buffer.from(pseudonyms.inText(bare));
  return bare === text ? raw : Buffer.from(bare);
}

function withoutSubject(text: string, fields: RawRecord['fields']): string {
  let bare = text;
  for (const [index, name] of (fields?.names ?? []).entries()) {
    const value = fields?.text(index) ?? '';
    if (!/subject/i.test(name) || value.trim() === '') continue;
    // As it stands in the file: quotes are doubled in CSV.
    for (const form of [value.replaceAll('"', '""'), value]) bare = bare.replaceAll(form, HIDDEN);
  }
  for (const form of SUBJECTS) bare = bare.replace(form, `$1${HIDDEN}`);
  return bare;
}
