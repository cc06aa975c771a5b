import { MILLISECOND, type Micros } from './clock';
import { attemptsTogether, type SharedAttempt } from './attempts-together';
import type { QueueVisit } from './queue-visit';
import type { Random } from './random';
import { isoMillis, seconds3, type TrackingRow } from './tracking-row';

/** The server that writes rows, as they name it. */
export interface Server {
  readonly label: string;
  readonly name: string;
  readonly address: string;
}

export interface TimedRow {
  readonly at: Micros;
  readonly row: TrackingRow;
}

/** What Exchange's transport tells of a message: RECEIVE, then per attempt DEFER, DELIVER, SEND or FAIL; around it rows that tell nothing of the way. */
export function trackingRows(random: Random, server: Server, visit: QueueVisit): readonly TimedRow[] {
  const { active, opened, origin, recipients } = visit;
  const addresses = recipients.map(({ address }) => address);
  const facts = factsOf(random, visit);
  const context = random.hex(16).toUpperCase();
  const rows: TimedRow[] = [];
  const add = (at: Micros, source: string, event: string, more: TrackingRow): void => {
    rows.push({ at, row: { ...facts, 'date-time': isoMillis(at), source, 'event-id': event, ...more } });
  };
  const here = { 'server-hostname': server.label };
  if (origin.kind === 'smtp') {
    add(active, 'SMTP', 'RECEIVE', {
      ...here,
      ...to(addresses),
      // The front end of the same server took the session and handed it on.
      'client-ip': server.address,
      'client-hostname': server.name,
      'server-ip': server.address,
      'source-context': `${context};${isoMillis(opened)};0`,
      'connector-id': `${server.label}\\Default ${server.label}`,
      'message-info': '0cI: NTS:',
      'original-client-ip': origin.client.address,
      'original-server-ip': server.address,
      'custom-data': `S:ProxyHop1=${server.name}(${server.address});S:FirstForestHop=${server.name};S:DeliveryPriority=Normal`,
    });
    const shadow = `${server.name}=250 2.6.0 <${visit.messageId}> [InternalId=${visit.queueId}1, Hostname=${server.name}] Queued mail for redundancy`;
    add(active + MILLISECOND, 'SMTP', 'HAREDIRECT', { ...here, ...to(addresses), 'source-context': shadow });
    const agents = { 'client-hostname': server.label, 'custom-data': 'S:AMA=SUM|v=0|action=|error=|atch=0' };
    add(active + 2 * MILLISECOND, 'AGENT', 'AGENTINFO', { ...agents, ...to(addresses) });
  } else {
    add(active, 'DSN', 'DSN', { ...here, ...to(addresses), reference: aboutOf(visit), 'source-context': context });
  }
  for (const shared of attemptsTogether(recipients)) {
    const { source, event, more } = attemptRow(server, visit, shared, context);
    add(shared.attempt.at, source, event, {
      ...more,
      ...to(
        shared.recipients.map(({ address }) => address),
        more,
      ),
    });
  }
  for (const { address, expired } of recipients)
    if (expired !== undefined) {
      const why = { 'recipient-status': '550 4.4.7 QUEUE.Expired; message expired' };
      add(expired, 'QUEUE', 'FAIL', { ...here, ...to([address]), ...why });
    }
  return rows;
}

function attemptRow(
  server: Server,
  visit: QueueVisit,
  { attempt, recipients }: SharedAttempt,
  context: string,
): { source: string; event: string; more: TrackingRow } {
  const { at, status, into, peer, reply } = attempt;
  const each = (text: string): string => recipients.map(() => text).join(';');
  const sender = { 'client-hostname': server.label };
  const own = { 'server-hostname': server.label };
  if (status === 'bounced')
    return {
      source: into === 'mailbox' ? 'STOREDRIVER' : 'SMTP',
      event: 'FAIL',
      more: { ...own, 'recipient-status': each(reply) },
    };
  if (status === 'deferred') {
    const last = `[{LRT=};{LED=${reply}};{FQDN=${into === 'mailbox' ? '' : peer.name}};{IP=}]`;
    return {
      source: into === 'mailbox' ? 'STOREDRIVER' : 'SMTP',
      event: 'DEFER',
      more: { ...own, 'recipient-status': recipients.length === 1 ? last : '' },
    };
  }
  const latency = latencyOf(server, visit, attempt);
  if (into === 'mailbox')
    return {
      source: 'STOREDRIVER',
      event: 'DELIVER',
      more: {
        ...sender,
        ...own,
        'source-context': `${context};${isoMillis(visit.active)};ClientSubmitTime:`,
        'message-info': latency,
        'custom-data': `S:E2ELatency=${seconds3(at - visit.opened)};S:MailboxDatabaseName=DB01`,
      },
    };
  return {
    source: 'SMTP',
    event: 'SENDEXTERNAL',
    more: {
      ...sender,
      'client-ip': server.address,
      'server-ip': peer.address,
      'server-hostname': peer.name,
      'source-context': `${context};${reply}`,
      'connector-id': 'To the Internet',
      'recipient-status': each('250 2.1.5 Recipient OK'),
      'message-info': latency,
      'custom-data': `S:E2ELatency=${seconds3(at - visit.opened)};S:ExternalSendLatency=${seconds3(attempt.transmit)}`,
    },
  };
}

/** `<entry into the organisation>;LSRV=server:TOTAL-DEL=…|SMR=…|…`: the reception over SMTP, the queue, and the delivery. */
function latencyOf(
  server: Server,
  { origin, opened, active }: QueueVisit,
  { at, into, transmit }: SharedAttempt['attempt'],
): string {
  const [total, queue, last] = into === 'mailbox' ? ['TOTAL-DEL', 'QDM', 'SDD'] : ['TOTAL-HUB', 'QDE', 'SMS'];
  const waited = at - active - transmit;
  const reception = origin.kind === 'smtp' ? `SMR=${seconds3(active - opened)}|` : '';
  const parts = `${reception}CAT=0.012(CATRS=0.004)|${queue}=${seconds3(waited)}|${last}=${seconds3(transmit)}`;
  return `${isoMillis(opened)};LSRV=${server.name}:${total}=${seconds3(at - opened)}|${parts}`;
}

/** Recipients and their number; a list is apart by `;`. */
function to(addresses: readonly string[], given: TrackingRow = {}): TrackingRow {
  const status = given['recipient-status'];
  return {
    'recipient-address': addresses.join(';'),
    'recipient-count': addresses.length,
    ...(status === undefined ? {} : { 'recipient-status': status }),
  };
}

const aboutOf = ({ origin }: QueueVisit): string => (origin.kind === 'bounce' ? `<${origin.about.messageId}>` : '');

/** What all rows of a message have alike. */
function factsOf(random: Random, { queueId, messageId, size, sender }: QueueVisit): TrackingRow {
  return {
    'internal-message-id': queueId,
    'message-id': `<${messageId}>`,
    'network-message-id': random.uuid(),
    'total-bytes': size,
    'message-subject': 'Offer, as "discussed"',
    'sender-address': sender || '<>',
    'return-path': sender || '<>',
    directionality: 'Incoming',
    'transport-traffic-type': 'Email',
    'log-id': random.uuid(),
    'schema-version': '15.02.1544.011',
  };
}
