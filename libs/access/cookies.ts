import type { IncomingHttpHeaders } from 'node:http';

/** The session of somebody who has logged in, and a login that is under way. */
export const SESSION_COOKIE = 'hoptime-session';
export const LOGIN_COOKIE = 'hoptime-login';

/** Cookies of a request by name (RFC 6265 §5.4). */
export function cookiesOf({ cookie = '' }: IncomingHttpHeaders): Map<string, string> {
  const pairs = cookie.split(';').map((pair) => pair.trim().split('=', 2) as [string, string?]);
  return new Map(pairs.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** The session that a request carries, where it brings no other credential. */
export const sessionOf = (headers: IncomingHttpHeaders): string | undefined => cookiesOf(headers).get(SESSION_COOKIE);

/**
 * Whether a request that changes something, and that a browser may have sent by itself, comes from a page of this server: by `Sec-Fetch-Site`, else
 * by `Origin`.
 */
export function isOwnPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  try {
    return headers.origin !== undefined && new URL(headers.origin).host === headers.host;
  } catch {
    return false;
  }
}
