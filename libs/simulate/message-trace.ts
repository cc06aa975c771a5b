import { join } from 'node:path';
import { DAY, isoSecond, isoWholeSecond, type Micros } from './clock';
import type { Peer } from './hosts';
import type { QueueRecipient, QueueVisit } from './queue-visit';
import { RotatedLog } from './rotated-log';
import { TextFile } from './text-file';
import { traceForm } from './trace-forms';
import { TRACE_COLUMNS, csvRow, quoted } from './tracking-row';
import { trackingRows } from './tracking-rows';

const SERVER = {
  label: 'AM0PR05MB0001',
  name: 'AM0PR05MB0001.eurprd05.prod.outlook.com',
  address: '10.167.16.5',
};
const STATUS = {
  sent: 'Delivered',
  bounced: 'Failed',
  filtered: 'FilteredAsSpam',
  quarantined: 'Quarantined',
  deferred: 'Pending',
} as const;
/** of an enhanced summary: the events of a recipient */
const EVENTS = {
  sent: 'Receive, Deliver',
  bounced: 'Receive, Fail',
  filtered: 'Receive, Spam',
  quarantined: 'Receive, Quarantine',
  deferred: 'Receive, Defer',
} as const;

const SHELL =
  'MessageTraceId,MessageId,Received,SenderAddress,RecipientAddress,Subject,Status,ToIP,FromIP,Size,StartDate,EndDate,Index';
const ENHANCED =
  'origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id,network_message_id,original_client_ip,directionality,connector_id,delivery_priority';

/** Message traces of Microsoft 365, one a day, each day in another form. A trace tells when mail came in; only an extended one tells when it was delivered. */
export class MessageTrace extends RotatedLog {
  protected override readonly period = DAY;

  visit(visit: QueueVisit): void {
    const form = traceForm(visit.active).name;
    const client = visit.origin.kind === 'smtp' ? visit.origin.client : undefined;
    if (form === 'extended') this.extended(visit);
    else if (form === 'enhanced') this.line(visit.active, this.enhanced(visit, client));
    else
      for (const [i, recipient] of visit.recipients.entries())
        this.line(
          visit.active,
          form === 'shell' ? this.shell(visit, recipient, client, i) : this.reporting(visit, recipient, client, i),
        );
  }

  /** What is turned away is in no trace. */
  refusal(): void {}

  lostSession(): void {}

  hourly(): void {}

  protected override begin(from: Micros): TextFile {
    const { name, extension, encoding } = traceForm(from);
    const day = this.fileName(isoSecond(from).slice(0, 10));
    const file = new TextFile(join(this.place.folder, `${day}-${name}.${extension}`), encoding);
    if (name === 'shell') file.write(`${SHELL}\r\n`);
    if (name === 'enhanced') file.write(`${ENHANCED}\r\n`);
    if (name === 'extended') file.write(`${TRACE_COLUMNS.join(',')}\r\n`);
    return file;
  }

  protected fileName(day: string): string {
    return `message-trace-${day}`;
  }

  /** Rows hold their stamps, not all in front. */
  protected stamp(): string {
    return '';
  }

  private extended(visit: QueueVisit): void {
    for (const { at, row } of trackingRows(this.place.random, SERVER, visit)) {
      const named = Object.fromEntries(Object.entries(row).map(([name, value]) => [columnOf(name), value]));
      // Rows of a message go with its reception, so that no file of another form has any of them.
      void at;
      this.line(visit.active, `${csvRow(named, TRACE_COLUMNS)}\r`);
    }
  }

  private enhanced(visit: QueueVisit, client: Peer | undefined): string {
    const { messageId, sender, size, active, recipients } = visit;
    const states = recipients.map(({ address, attempts }) => `${address}##${EVENTS[lastStatus(attempts)]}`).join(';');
    const values = [`${sevenDigits(active)}Z`, sender, states, 'Offer, second version', String(size), `<${messageId}>`];
    const rest = [this.place.random.uuid(), client?.address ?? '', '1', '', 'Normal'];
    return `${[...values, ...rest].map(quoted).join(',')}\r`;
  }

  private shell(visit: QueueVisit, recipient: QueueRecipient, client: Peer | undefined, index: number): string {
    const { messageId, sender, size, active } = visit;
    const values = [this.place.random.uuid(), `<${messageId}>`, american(active), sender, recipient.address];
    const status = STATUS[lastStatus(recipient.attempts)];
    const window = [american(active - 2 * DAY), american(active + DAY)];
    const rest = ['Offer, "second" version', status, '', client?.address ?? '', String(size), ...window, String(index)];
    return `${[...values, ...rest].map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\r`;
  }

  private reporting(visit: QueueVisit, recipient: QueueRecipient, client: Peer | undefined, index: number): string {
    const { messageId, sender, size, active } = visit;
    return JSON.stringify({
      Organization: 'corp-example.onmicrosoft.com',
      MessageId: `<${messageId}>`,
      Received: sevenDigits(active),
      SenderAddress: sender,
      RecipientAddress: recipient.address,
      Subject: 'Grüße, "quoted"',
      Status: STATUS[lastStatus(recipient.attempts)],
      ToIP: null,
      FromIP: client?.address ?? null,
      Size: size,
      MessageTraceId: this.place.random.uuid(),
      StartDate: sevenDigits(active - 2 * DAY),
      EndDate: sevenDigits(active + DAY),
      Index: index,
    });
  }
}

const columnOf = (name: string): string => (name === 'date-time' ? 'date_time_utc' : name.replaceAll('-', '_'));

const lastStatus = (attempts: QueueRecipient['attempts']): keyof typeof STATUS => attempts[attempts.length - 1].status;

/** `2026-03-02T18:10:13.4907650`, UTC without saying so */
const sevenDigits = (time: Micros): string => `${isoWholeSecond(time)}.${String(time % 1e6).padStart(6, '0')}0`;

/** `3/2/2026 6:10:13 PM`, UTC: how PowerShell writes a time in the culture of the United States. */
function american(time: Micros): string {
  const date = new Date(Math.floor(time / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hour = date.getUTCHours();
  const clock = `${hour % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`;
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()} ${clock}`;
}
