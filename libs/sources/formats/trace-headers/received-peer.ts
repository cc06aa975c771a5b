import { isIP, isIPv4 } from 'node:net';
import type { Token } from './received-tokens';

/** The client as the receiving MTA saw it: `name` only where that MTA verified it, else ''; `address` '' when not told. */
export interface Peer {
  readonly name: string;
  readonly address: string;
}

const HOST_NAME = /^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?$/i;
const NAME_AND_ADDRESS = /^(\S+) \[([^\]\s]+)\](.*)$/;
/** Most texts are no address at a glance. */
const ADDRESS_LIKE = /^\[?(?:IPv6:)?[\da-f:.]+(?:%[^]*)?\]?$/i;
const ADDRESS_FIRST = /^\[([^\]\s]+)\]/;

/**
 * Who handed the message over, from the tokens between `from` and the next keyword (formats §10).
 *
 * A name counts as verified when the MTA looked it up from the address and says so: Postfix, Sendmail and Gmail
 * `helo (name [ip])` unless `unknown` or `may be forged`; Exim `name ([ip] helo=…)`; zmailer (vger) with
 * `rhost-flags-OK-OK-OK-OK`. Exchange, qmail, IronPort and all others print the name that the client gave itself.
 */
export function readPeer(tokens: readonly Token[], exim: boolean): Peer {
  const first = tokens.find((token) => !token.comment)?.text ?? '';
  for (const { comment, text } of tokens) {
    if (!comment) continue;
    const pair = NAME_AND_ADDRESS.exec(text);
    const address = ADDRESS_FIRST.exec(text)?.[1];
    if (pair && isIP(plainAddress(pair[2]))) {
      return { name: /may be forged/i.test(pair[3]) ? '' : hostName(pair[1]), address: plainAddress(pair[2]) };
    }
    if (address !== undefined) {
      const verified = exim || /rhost-flags-OK-OK-OK-OK/.test(text);
      return { name: verified ? hostName(first) : '', address: plainAddress(address) };
    }
    if (isIP(plainAddress(text))) return { name: '', address: plainAddress(text) };
  }
  const literal = tokens
    .map((token) => plainAddress(token.text.replace(/^\[\(?|\)?\]$/g, '')))
    .find((text) => isIP(text));
  return { name: '', address: literal ?? '' };
}

/** A host name without ident prefix and final dot; '' for `unknown`, addresses and what is no host name. */
export function hostName(text: string): string {
  const name = text.slice(text.lastIndexOf('@') + 1).replace(/\.$/, '');
  // A name holds no colon, so it is no IPv6 address.
  return HOST_NAME.test(name) && !isIPv4(name) && name.toLowerCase() !== 'unknown' ? name : '';
}

/** An address without `IPv6:` and zone (`%3`); '' when it is none. */
export function plainAddress(text: string): string {
  if (!ADDRESS_LIKE.test(text)) return '';
  const address = text
    .replace(/^\[|\]$/g, '')
    .replace(/^IPv6:/i, '')
    .replace(/%.*$/, '');
  return isIP(address) ? address : '';
}
