import { HOUR, isoSecond, isoWholeSecond, type Micros } from './clock';
import type { HesEvent, HesRecipient, HesTransaction } from './hes-transaction';

/**
 * How HES mail tracking reaches the user (formats.md §1). `json`: pages of the REST API. `csv-states`: console export with first
 * and last time, one row per state. `csv-events`: one row per event. `csv-last-action`: one row per recipient, whose only time is
 * the reception. `xml`: the REST fields as elements. `cef`: syslog forwarding, whose only time is that of the log record.
 */
export type HesForm = 'json' | 'csv-states' | 'csv-events' | 'csv-last-action' | 'xml' | 'cef';

/** The forms whose records name the transaction or the gateway's queue id, so that mail without or with a repeated Message-ID can be told apart. */
export const LINKING_FORMS: ReadonlySet<HesForm> = new Set(['json', 'xml']);

/** Exports are cut by time of reception, each period in one form. Seven or more periods; the last but one is syslog. */
export class ExportPeriods {
  readonly length: Micros;
  readonly count: number;

  constructor(
    readonly start: Micros,
    end: Micros,
  ) {
    const hours = (end - start) / HOUR;
    this.length = hours >= 168 ? 24 * HOUR : Math.floor(hours / 7) * HOUR;
    this.count = Math.ceil((end - start) / this.length);
  }

  indexOf(received: Micros): number {
    return Math.floor((received - this.start) / this.length);
  }

  form(index: number): HesForm {
    const json = Math.floor(0.45 * this.count);
    if (index < json) return 'json';
    if (index === this.count - 2) return 'cef';
    const turn = index - json - (index > this.count - 2 ? 1 : 0);
    return (['csv-states', 'csv-events', 'xml', 'csv-last-action'] as const)[turn % 4];
  }

  /** `2026-03-02` or, for periods under a day, `2026-03-02T03h` */
  label(index: number): string {
    const text = isoSecond(this.start + index * this.length);
    return this.length === 24 * HOUR ? text.slice(0, 10) : `${text.slice(0, 13)}h`;
  }
}

/** What stands before the first record. */
export const FORM_HEADERS: Readonly<Record<HesForm, string>> = {
  json: '',
  'csv-states':
    'Timestamp,Delivery Time,Direction,Sender,Recipient,Header From,Header To,Subject,Message ID,Sender IP,Delivered To,Upstream TLS,Downstream TLS,Action,Details\r\n',
  'csv-events': '\uFEFFTimestamp;Direction;Sender;Recipient;Subject;Message ID;Sender IP;Delivered To;Action;Details\n',
  'csv-last-action':
    '\uFEFFTimestamp\tDirection\tSender\tRecipient\tSubject\tMessage ID\tSender IP\tDelivered To\tAction\r\n',
  xml: '<?xml version="1.0" encoding="UTF-8"?>\n<mailtrackinglogs>\n',
  cef: '',
};
export const FORM_FOOTERS: Partial<Record<HesForm, string>> = { xml: '</mailtrackinglogs>\n' };

/** One state of one recipient's mail as a record of the transaction's form, with its line end where the form has lines. */
export function hesRecord(transaction: HesTransaction, recipient: HesRecipient, event: HesEvent): string {
  const { form, received, mail, client } = transaction;
  const first = stamp(received);
  const messageId = mail.messageId ? `<${mail.messageId}>` : '';
  const { action, deliveredTo, details } = event;
  const common = [mail.sender, recipient.address];
  switch (form) {
    case 'csv-states': {
      const tls = ['TLS 1.3', action === 'Delivered' ? 'TLS 1.3' : ''];
      const headers = [mail.sender, recipient.address, mail.subject, messageId, client.address, deliveredTo];
      return csv([first, actionTime(event, stamp), 'in', ...common, ...headers, ...tls, action, details], ',', '\r\n');
    }
    case 'csv-events':
      return csv(
        [stamp(event.at), 'Incoming', ...common, mail.subject, messageId, client.address, deliveredTo, action, details],
        ';',
        '\n',
      );
    case 'csv-last-action':
      return csv(
        [first, 'Incoming', ...common, mail.subject, messageId, client.address, deliveredTo, action],
        '\t',
        '\r\n',
      );
    case 'cef':
      return cef(transaction, recipient, event, messageId);
    default: {
      const fields = restFields(transaction, recipient, event, messageId);
      return form === 'json' ? JSON.stringify(fields) : xml(fields);
    }
  }
}

type Fields = Readonly<Record<string, string | number | readonly string[] | undefined>>;

function restFields(transaction: HesTransaction, recipient: HesRecipient, event: HesEvent, messageID: string): Fields {
  const { mail, client } = transaction;
  const downstream = event.action === 'Delivered' ? '; downstreamTLS: TLS 1.3' : '';
  return {
    genTime: isoSecond(event.generated),
    timestamp: isoSecond(transaction.received),
    deliveryTime: actionTime(event, isoSecond) || undefined,
    sender: mail.sender,
    direction: 'in',
    messageID,
    subject: mail.subject,
    size: mail.size,
    mailID: transaction.mailId,
    recipient: recipient.address,
    action: event.action,
    tlsInfo: `upstreamTLS: TLS 1.3${downstream}`,
    headerFrom: mail.sender,
    headerTo: mail.envelope,
    senderIP: client.address,
    deliveredTo: event.deliveredTo || undefined,
    attachments: [],
    embeddedUrls: [],
    details: event.details || undefined,
  };
}

/** The time of the reported action; absent where HES reports none (quarantine, sandbox, deletion). */
function actionTime(event: HesEvent, format: (time: Micros) => string): string {
  const { action } = event;
  const timeless = action === 'Quarantined' || action === 'Scanning in sandbox' || action === 'Deleted';
  return timeless ? '' : format(event.at);
}

/** Console stamps carry no zone; these are UTC. */
const stamp = (time: Micros): string => isoWholeSecond(time).replace('T', ' ');

function csv(values: readonly string[], delimiter: string, lineEnd: string): string {
  const quoted = values.map((value) =>
    value.includes(delimiter) || /["\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value,
  );
  return quoted.join(delimiter) + lineEnd;
}

function xml(fields: Fields): string {
  const element = (name: string, value: string | number): string => `<${name}>${escapeXml(String(value))}</${name}>`;
  const parts = Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return typeof value === 'object' ? value.map((each) => element(name, each)) : [element(name, value)];
  });
  return `<record>${parts.join('')}</record>\n`;
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function cef(transaction: HesTransaction, recipient: HesRecipient, event: HesEvent, messageId: string): string {
  const { mail, client, mailId } = transaction;
  const milliseconds = String(Math.floor((event.generated % 1e6) / 1000)).padStart(3, '0');
  const rt = `${isoWholeSecond(event.generated)}.${milliseconds}Z`;
  const downstream = event.action === 'Delivered' ? '; downstreamTLS: TLS 1.3' : '';
  const relay = event.deliveredTo ? `deviceTranslatedAddress=${event.deliveredTo} ` : '';
  return (
    `<14> ${isoSecond(event.generated)} forwarder.tmes.trendmicro.com tmes[1]: ` +
    `CEF:0|Trend Micro|TMES|1.0.0.0|400101|TRACKING|4|rt=${rt} suser=${mail.sender} duser=${recipient.address} ` +
    `msg=${mail.subject} src=${client.address} ${relay}cs1Label=mailUuid cs1=${mailId} cs2Label=direction cs2=incoming ` +
    `cs3Label=messageId cs3=${messageId} cn1Label=messageSize cn1=${mail.size} act=${event.action} ` +
    `cs5Label=tlsInfo cs5=upstreamTLS: TLS 1.3${downstream}\n`
  );
}
