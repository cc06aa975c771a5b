const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const REFERENCE = /&(?:#x([\dA-Fa-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/g;

/**
 * A text with the entities of XML 1.0 §4.6 and references to characters (§4.1) replaced, each once. What is neither, or names no character
 * (§2.2), stays as it is: entities of their own only a document type can define, and that is refused.
 */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (reference, hexadecimal?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name];
    const code = hexadecimal === undefined ? Number(decimal) : parseInt(hexadecimal, 16);
    return isCharacter(code) ? String.fromCodePoint(code) : reference;
  });
}

const isCharacter = (code: number): boolean =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 0x20 && code < 0xd800) ||
  (code >= 0xe000 && code < 0xfffe) ||
  (code >= 0x10000 && code < 0x110000);

const nothing = (): void => undefined;

/** {@link decodeEntities} as fast-xml-parser takes it. Its own decoder is built anew for each element, which costs more than all else. */
export const ENTITIES = {
  decode: decodeEntities,
  reset: nothing,
  setXmlVersion: nothing,
  addInputEntities: nothing,
  setExternalEntities: nothing,
};
