import { randomInt } from 'node:crypto';

const SIGNS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** How one address is found in columns, texts and files, and what takes its place. */
export interface AddressTrace {
  /** lower case */
  readonly address: string;
  readonly local: string;
  /** RE2: the address in one of its forms, with what stands around it */
  readonly pattern: string;
  /** for `replaceRegexpAll` with {@link pattern} */
  readonly replacement: string;
  /** RE2, three groups: the local part as a word of its own */
  readonly wordPattern: string;
  /** what takes the place of the local part: as long as it, so that files keep their lengths */
  readonly mask: string;
}

/**
 * The trace of an address `local@domain`.
 * @param begun the mask of an erasure of it that was interrupted
 * @throws RangeError for a text that is no address
 */
export function traceOf(address: string, begun?: string): AddressTrace {
  const text = address.trim().toLowerCase();
  const at = text.lastIndexOf('@');
  if (at < 1 || at === text.length - 1 || /[\s<>\r\n]/.test(text))
    throw new RangeError(`${JSON.stringify(address)} is no address such as jane.doe@corp.example`);
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  const mask = begun ?? maskOf(Buffer.byteLength(local));
  const before = '(^|[^a-z0-9.+_-])';
  const behind = '($|[^a-z0-9.-]|\\.(?:$|[^a-z0-9]))';
  return {
    address: text,
    local,
    // An address of the web writes %40 for @, VERP = behind a word of its own (bounce+jane=corp.example@…). A group that is not in a match is ''.
    pattern: `(?i)${before}${literal(local)}(@|%40)${literal(domain)}${behind}|(^|[^a-z0-9._])${literal(local)}(=)${literal(domain)}($|[^a-z0-9.-])`,
    replacement: `\\1\\4${mask}\\2\\5${domain}\\3\\6`,
    wordPattern: `(?i)${before}(${literal(local)})($|[^a-z0-9@.+_=%-]|\\.(?:$|[^a-z0-9]))`,
    mask,
  };
}

/** `~` and what nobody can lead back: as long as the local part, in which `~` is allowed and rare. */
function maskOf(length: number): string {
  return `~${Array.from({ length: length - 1 }, () => SIGNS[randomInt(SIGNS.length)]).join('')}`;
}

const literal = (text: string): string =>
  text.replace(/[^a-z0-9]/gu, (sign) => `\\x{${(sign.codePointAt(0) ?? 0).toString(16)}}`);

/** The pattern for JavaScript. */
export const asRegExp = (pattern: string): RegExp =>
  new RegExp(pattern.replace('(?i)', '').replace(/\\x\{([0-9a-f]+)\}/g, '\\u{$1}'), 'giu');
