/** What MTAs say around the queue id that they gave; the first form that fits wins, the inner reply of a content filter first. */
const QUEUE_ID_FORMS: readonly RegExp[] = [
  // Postfix, Trend, amavis (its inner reply comes last)
  /^.*\b[Qq]ueued as\s+<?(?![a-z]+\b)([0-9A-Za-z][\w.:-]{3,})/s,
  // Exchange: the next server's internal-message-id
  /\[InternalId\s*=\s*(\d+)/i,
  // Exim
  /\bok,?\s+id=([0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4})\b/i,
  // Sendmail, Proofpoint, OpenSMTPD
  /(?:^|[\s(:])([0-9A-Za-z][\w.-]{5,})\s+Message accepted for delivery/i,
  // IronPort: its MID
  /\bok:\s+Message\s+(\d+)\s+accepted\b/i,
  // Gmail: `OK <epoch> <id> - gsmtp`, formerly without the end
  /\bOK\s+(?:DMARC:\S+\s+)?\d{9,10}\s+([\w-]+\.\d+)(?=\s+-\s+gsmtp\b|\)?$)/i,
  // Dovecot LMTP: the session id
  /<[^<>]*>\s+([\w+/]{16,}(?::[\w:]+)?)\s+Saved\b/,
];

const REPLY_CODE = /(?:^|:\s|\()\s*([245][0-5]\d)(?=[ -]|$)/;
const ENHANCED = /(?:^|[\s(-])([245]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)/;

/**
 * The queue id that the next MTA names in its reply ("queued as"), for all vendors of formats.md §1.1, §6, §7, §8, §13.30;
 * of a content filter that passes on the reply of the MTA behind it, that inner MTA's. undefined where none is named or
 * the reply is a refusal. Source: delay model §4.3.
 */
export function nextQueueId(reply: string): string | undefined {
  const code = replyCode(reply);
  if (code !== undefined && code >= 400) return undefined;
  for (const form of QUEUE_ID_FORMS) {
    const match = form.exec(reply);
    if (match) return match[1].replace(/[.:-]+$/, '');
  }
  return undefined;
}

/** The enhanced status code (RFC 3463) of a reply or of the text of a delivery line, e.g. `4.7.1`. */
export function enhancedStatus(reply: string): string | undefined {
  const code = REPLY_CODE.exec(reply);
  const rest = code ? reply.slice(code.index + code[0].length) : reply;
  const match = ENHANCED.exec(rest.slice(0, 16));
  return match && match.index <= 1 ? match[1] : undefined;
}

/** The reply code (RFC 5321 §4.2) of a reply or of a text that quotes one, e.g. 450 of `host a[b] said: 450 4.7.1 …`. */
export function replyCode(reply: string): number | undefined {
  const match = REPLY_CODE.exec(reply);
  return match ? Number(match[1]) : undefined;
}
