/** Why a client of HES was turned away, as far as the reply says. */
export const REFUSAL_KINDS = ['greylisted', 'rate_limited', 'blocked', 'deferred', 'refused'] as const;
export type RefusalKind = (typeof REFUSAL_KINDS)[number];

const GREYLISTED = /gr[ea]y-?list|postgrey/i;
const RATE_LIMITED =
  /too (?:many|much|fast|frequent)|rate[ -]?limit|(?:rate|limit)s? exceeded|throttl|concurren|(?:connection|message|recipient) (?:rate|limit|count)|policyd|quota of (?:connections|messages)/i;
const BLOCKED =
  /blocked|block-?list|black-?list|deny-?list|dnsbl|\brbl\b|spamhaus|spamcop|barracuda|sorbs|reputation|client host .* reject|access denied|not allowed to (?:connect|send)/i;

/**
 * The kind of a reply to a client of HES: the words of postgrey, milter-greylist, SQLgrey, anvil(8), policyd and of block lists decide, else the
 * class of its code: 4yz `deferred`, 5yz `refused` (RFC 5321 §4.2.1).
 */
export function refusalKind(reply: string, code: string): RefusalKind {
  if (GREYLISTED.test(reply)) return 'greylisted';
  if (RATE_LIMITED.test(reply)) return 'rate_limited';
  if (BLOCKED.test(reply)) return 'blocked';
  return code.startsWith('5') || /^5\.\d/.test(reply) ? 'refused' : 'deferred';
}
