/**
 * An envelope address as it is compared: without surrounding space, angle brackets, `rfc822;` (RFC 3464 §2.1.2, ORCPT of
 * RFC 3461) and source route (RFC 5321 §4.1.1.3), lower-cased (delay model §2 "recipient").
 * The null reverse-path stays `<>`; '' means unknown. A local part without domain stays as it is.
 */
export function normaliseAddress(text: string): string {
  let address = withoutPrefix(text.trim());
  const bracketed = /<([^<>]*)>[^<>]*$/.exec(address);
  if (bracketed) {
    if (bracketed[1].trim() === '') return '<>';
    address = withoutPrefix(bracketed[1].trim());
  } else if (address.startsWith('<')) {
    address = address.slice(1).trim();
  }
  return withoutRoute(address).toLowerCase();
}

/** The domain of an address: what follows the last `@`, lower-cased; '' for `<>`, for no address and for no domain. */
export function domainOf(address: string): string {
  const normal = normaliseAddress(address);
  const at = normal.lastIndexOf('@');
  return at < 0 ? '' : normal.slice(at + 1);
}

function withoutPrefix(address: string): string {
  if (!/^rfc822\s*;/i.test(address)) return address;
  // xtext must write `+` and `=` as hex (RFC 3461 §4); other `+XX` are more likely a plain subaddress.
  return address
    .slice(address.indexOf(';') + 1)
    .trim()
    .replace(/\+2B/g, '+')
    .replace(/\+3D/g, '=');
}

function withoutRoute(address: string): string {
  return address.startsWith('@') && address.includes(':') ? address.slice(address.indexOf(':') + 1).trim() : address;
}
