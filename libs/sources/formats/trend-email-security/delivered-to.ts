/** The MTA that took, or was to take, a message from HES. '' is unknown. */
export interface DeliveredTo {
  readonly nextMta: string;
  readonly nextAddress: string;
}

const NOBODY: DeliveredTo = { nextMta: '', nextAddress: '' };

/**
 * Reads `deliveredTo` of the REST log, "Delivered To" of the console and `deviceTranslatedAddress` of CEF (formats.md §1.1, §1.2):
 * `2.2.2.2`, `host[2.2.2.2]:25`, `host:25`, `[2001:db8::1]:25`, `none`.
 */
export function parseDeliveredTo(text: string): DeliveredTo {
  const value = text.trim();
  if (value === '' || value === '-' || /^none$/i.test(value)) return NOBODY;
  const open = value.indexOf('[');
  if (open >= 0) {
    const close = value.indexOf(']', open);
    if (close < 0) return NOBODY;
    return { nextMta: hostName(value.slice(0, open)), nextAddress: address(value.slice(open + 1, close)) };
  }
  if (isAddress(value)) return { nextMta: '', nextAddress: value };
  const withoutPort = value.replace(/:\d+$/, '');
  if (isAddress(withoutPort)) return { nextMta: '', nextAddress: withoutPort };
  return { nextMta: hostName(withoutPort), nextAddress: '' };
}

function address(text: string): string {
  const value = text.trim().replace(/^ipv6:/i, '');
  return isAddress(value) ? value : '';
}

function isAddress(text: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) || (/^[0-9a-f:.]+$/i.test(text) && text.split(':').length > 2);
}

function hostName(text: string): string {
  const value = text.trim();
  return /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*)$/u.test(value) ? value.replace(/\.$/, '') : '';
}
