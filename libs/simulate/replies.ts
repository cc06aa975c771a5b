import type { Host } from './hosts';
import type { QueueVisit } from './queue-visit';

/** The reply of a host to the end of DATA: it names its queue id. */
export function accepted({ host, queueId, messageId, size }: QueueVisit): string {
  switch (host.product) {
    case 'postfix':
      return `250 2.0.0 Ok: queued as ${queueId}`;
    case 'sendmail':
      return `250 2.0.0 ${queueId} Message accepted for delivery`;
    case 'exim':
      return `250 OK id=${queueId}`;
    default: {
      const took = `${size} bytes in 0.115, ${(size / 117.76).toFixed(3)} KB/sec`;
      return `250 2.6.0 <${messageId}> [InternalId=${queueId}, Hostname=${serverOf(host)}] ${took} Queued mail for delivery`;
    }
  }
}

/** The server that speaks for a host: of the service at Microsoft one of many. */
const serverOf = (host: Host): string =>
  host.product === 'microsoft-365' ? 'AM0PR05MB0001.eurprd05.prod.outlook.com' : host.name;

/** A new client is asked to come again; `%` is the recipient. */
export const GREYLISTED: Readonly<Record<Host['product'], string>> = {
  postfix: '450 4.2.0 <%>: Recipient address rejected: Greylisted, see https://postgrey.corp.example/help.html',
  sendmail: '451 4.7.1 Greylisting in action, please come back in 00:05:00',
  exim: '451 greylisted, come again in five minutes',
  exchange: '451 4.7.0 Temporary server error. Please try again later. PRX5',
  'microsoft-365': '451 4.7.500 Server busy. Please try again later from [18.185.115.11]. (S77714)',
};

/** Something behind the host does not answer; `%` is the recipient. */
export const LOOKUP_FAILED: Readonly<Record<Host['product'], string>> = {
  postfix: '451 4.3.0 <%>: Temporary lookup failure',
  sendmail: '451 4.3.0 <%>... Temporary lookup failure',
  exim: '451 Temporary local problem - please try later',
  exchange: '451 4.3.0 Temporary lookup failure',
  'microsoft-365': '451 4.3.2 Temporary server error. Please try again later ATTR2',
};

/** Nobody has this address. */
export function unknownUser({ product }: Host, address: string): string {
  if (product === 'postfix')
    return `550 5.1.1 <${address}>: Recipient address rejected: User unknown in virtual mailbox table`;
  if (product === 'exim') return 'Unrouteable address';
  return '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup';
}

/** The mailbox is full. */
export function mailboxFull({ product }: Host, address: string): string {
  if (product === 'postfix') return `552 5.2.2 <${address}> Quota exceeded (mailbox for user is full)`;
  if (product === 'exim')
    return 'mailbox is full (MTA-imposed quota exceeded while writing to tmp/1772442672.H1P77.mx3)';
  return '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded';
}
