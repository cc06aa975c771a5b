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

/** What a reply, or a text that quotes one, says. */
export interface SmtpReply {
  /** the reply code (RFC 5321 §4.2), e.g. 450 of `host a[b] said: 450 4.7.1 …` */
  readonly code: number | undefined;
  /** the enhanced status code (RFC 3463), e.g. `4.7.1` */
  readonly enhancedStatus: string | undefined;
  /** as {@link nextQueueId} has it */
  readonly nextQueueId: string | undefined;
}

/** Reads a reply, its code once for all that depends on it. */
export function readReply(reply: string): SmtpReply {
  const found = REPLY_CODE.exec(reply);
  const code = found ? Number(found[1]) : undefined;
  const rest = found ? reply.slice(found.index + found[0].length) : reply;
  const status = ENHANCED.exec(rest.slice(0, 16));
  return {
    code,
    enhancedStatus: status && status.index <= 1 ? status[1] : undefined,
    nextQueueId: queueIdIn(reply, code),
  };
}

/**
 * The queue id that the next MTA names in its reply ("queued as"), for all vendors of formats.md §1.1, §6, §7, §8, §13.30;
 * of a content filter that passes on the reply of the MTA behind it, that inner MTA's. undefined where none is named or
 * the reply is a refusal. Source: delay model §4.3.
 */
export function nextQueueId(reply: string): string | undefined {
  const found = REPLY_CODE.exec(reply);
  return queueIdIn(reply, found ? Number(found[1]) : undefined);
}

function queueIdIn(reply: string, code: number | undefined): string | undefined {
  if (code !== undefined && code >= 400) return undefined;
  for (const form of QUEUE_ID_FORMS) {
    const match = form.exec(reply);
    if (match) return match[1].replace(/(?<![.:-])[.:-]+$/, '');
  }
  return undefined;
}
