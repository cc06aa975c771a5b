import { isoSecond, type Micros } from './clock';
import type { Host } from './hosts';
import type { QueueVisit } from './queue-visit';
import type { Random } from './random';

/** So many characters of `msgid=` Sendmail logs, `<` included (formats.md §13.17). */
const LOGGED_BY_SENDMAIL = 100;

/** The Message-ID that a host gives to mail that has none; '' where its product gives none (formats.md §13.2). */
export function assignedMessageId(random: Random, host: Host, queueId: string, at: Micros): string {
  if (host.product === 'sendmail') return `${isoSecond(at).replace(/\D/g, '').slice(0, 12)}.${queueId}@${host.name}`;
  if (host.product === 'exchange') return `${random.hex(32)}@${host.name}`;
  return host.product === 'microsoft-365' ? `${random.uuid()}@AM0PR05MB0001.eurprd05.prod.outlook.com` : '';
}

/**
 * The Message-ID that a host's log has for a message; '' for none. Sendmail cuts long ones, Exim leaves out what it cannot parse as an
 * address, and neither logs those of its own notifications (formats.md §13).
 */
export function loggedMessageId({ host, messageId, origin }: QueueVisit): string {
  if (host.product === 'sendmail')
    return origin.kind === 'bounce' || messageId.length + 2 > LOGGED_BY_SENDMAIL ? '' : messageId;
  if (host.product === 'exim') return origin.kind === 'bounce' || messageId.startsWith('[') ? '' : messageId;
  return messageId;
}
