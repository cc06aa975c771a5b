import { normaliseAddress } from '../../../trace/mail-address';
import { isIP } from 'node:net';
import { splitDate } from './received-date';
import { hostName, plainAddress, readPeer } from './received-peer';
import { tokenise, type Token } from './received-tokens';

/** A Received field (RFC 5321 §4.4) in parts. Every text is '' when the field does not tell it. */
export interface ReceivedField {
  /** the MTA that wrote it; for a content filter that calls itself `localhost`, the name of its host */
  readonly by: string;
  /** the client's name for itself (HELO), or what stands in its place */
  readonly helo: string;
  /** the client's verified name */
  readonly peer: string;
  readonly peerAddress: string;
  /** queue id; version numbers that Exchange writes there are left out */
  readonly queueId: string;
  /** address of the `for` clause, normalised */
  readonly recipient: string;
  /** address of a Sendmail-like `(ORCPT …)`, normalised */
  readonly originalRecipient: string;
  /** product that stands in brackets behind `by`, such as `Postfix`; without `by` the field's own comment (`qmail 1 invoked by uid 89`) */
  readonly software: string;
  /** date-time as it stands there */
  readonly date: string;
}

/** Fields longer than this are cut in the middle: no MTA writes them. */
const LONGEST = 8192;
const KEYWORDS = new Set(['from', 'by', 'via', 'with', 'id', 'for']);
const LONGEST_KEYWORD = 4;
const EXCHANGE_VERSION = /^\d{1,3}(?:\.\d+){3}$/;

/**
 * Parses the body of a Received field, unfolded to one line, in all vendor forms of formats §10. Clauses may stand in any
 * order or be missing; a field without `by` (qmail's `invoked by`, broken ones) has `by` ''. Never throws.
 */
export function parseReceived(body: string): ReceivedField {
  const text = body.length <= LONGEST ? body : `${body.slice(0, LONGEST / 2)} ${body.slice(-LONGEST / 2)}`;
  const { tokens, semicolon, beforeSemicolon } = tokenise(text);
  const { clauses, date } = splitDate(text, semicolon);
  const parts = clausesOf(clauses.length === semicolon ? tokens.slice(0, beforeSemicolon) : tokenise(clauses).tokens);
  const from = parts.get('from') ?? [];
  const by = parts.get('by') ?? [];
  const peer = readPeer(from, /\(Exim /i.test(clauses));
  const helo = from.find((token) => !token.comment)?.text ?? '';
  const id = firstWord(parts.get('id'));
  return {
    by: byName(by, helo, peer.address),
    helo: hostName(helo),
    peer: peer.name,
    peerAddress: peer.address,
    queueId: EXCHANGE_VERSION.test(id) ? '' : id,
    recipient: address(firstWord(parts.get('for')).split(',')[0]),
    originalRecipient: address(/\(ORCPT ([^)\s]+)\)/i.exec(clauses)?.[1] ?? ''),
    software: parts.has('by') ? lastComment(by) : lastComment(parts.get('') ?? []),
    date,
  };
}

function clausesOf(tokens: readonly Token[]): Map<string, Token[]> {
  let current: Token[] = [];
  const parts = new Map<string, Token[]>([['', current]]);
  for (const token of tokens) {
    const keyword = token.comment || token.text.length > LONGEST_KEYWORD ? '' : token.text.toLowerCase();
    if (keyword !== '' && KEYWORDS.has(keyword) && !parts.has(keyword)) {
      current = [];
      parts.set(keyword, current);
    } else {
      current.push(token);
    }
  }
  return parts;
}

function lastComment(tokens: readonly Token[]): string {
  return tokens.findLast((token) => token.comment && !plainAddress(token.text))?.text ?? '';
}

function firstWord(tokens: readonly Token[] | undefined): string {
  return tokens?.find((token) => !token.comment)?.text ?? '';
}

/** `by Forcepoint Email` is one name of two words; `by localhost (mx.example [127.0.0.1]) (amavisd-new, …)` names its host behind. */
function byName(by: readonly Token[], helo: string, peerAddress: string): string {
  const words = by.filter((token) => !token.comment).map((token) => token.text);
  const name = words[0]?.includes('.') ? words[0] : words.join(' ');
  if (!/^localhost(?:\.localdomain)?\.?$/i.test(name))
    return isIP(plainAddress(name)) ? plainAddress(name) : name.replace(/\.$/, '');
  const behind = by.filter((token) => token.comment).map((token) => hostName(/^(\S+) \[/.exec(token.text)?.[1] ?? ''));
  const local = /^(?:127\.|::1$)/.test(peerAddress) ? hostName(helo) : '';
  return [...behind, local].find((host) => host && !/^localhost\b/i.test(host)) ?? name;
}

function address(text: string): string {
  const normal = normaliseAddress(text);
  return normal === '<>' || /[\s<>]/.test(normal) ? '' : normal;
}
