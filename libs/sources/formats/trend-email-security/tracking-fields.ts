/** What a tracking record can say that becomes part of an event, or decides which event it becomes. Named as in Trend's REST log. */
export const FIELDS = [
  'timestamp', // HES received the message
  'deliveryTime', // the reported action happened
  'genTime', // the log record was written: never either end (formats.md §1.1)
  'messageID',
  'mailID',
  'sender',
  'recipient',
  'direction',
  'size',
  'senderIP',
  'deliveredTo',
  'details',
  'action',
  'type', // accepted or blocked traffic
  'policyAction', // only in policy events, which share the stream of collectors
  'scanType', // only in records of Vision One's search
] as const;
export type Field = (typeof FIELDS)[number];

/** Field numbers, for arrays indexed by field. */
export const FIELD = Object.fromEntries(FIELDS.map((name, index) => [name, index])) as {
  readonly [F in Field]: number;
};

/**
 * Names under which exports, collectors and CEF labels give a field, the most telling first: when a file has two columns for one
 * field, the earlier name wins. No console export's header row is published (formats.md §12), so this table is a best guess
 * that `options.mapping` completes.
 */
const ALIASES: { readonly [F in Field]: readonly string[] } = {
  timestamp: [
    'timestamp',
    'first timestamp',
    'first seen',
    'received time',
    'received at',
    'received date',
    'time received',
    'date received',
    'received',
    'date time',
    'date/time',
    'event time',
    'date',
    'time',
  ],
  deliveryTime: [
    'delivery time',
    'last timestamp',
    'last seen',
    'delivered time',
    'delivered at',
    'delivery date',
    'time delivered',
    'action time',
    'last action time',
    'delivered',
  ],
  genTime: ['gen time', 'generated', 'generated time', 'generation time', 'log generation time'],
  messageID: ['message id', 'internet message id', 'msg id', 'mail msg id'],
  mailID: ['mail id', 'mail uuid', 'msg uuid', 'uuid', 'transaction id', 'tracking id', 'x-tm-mail-uuid'],
  sender: [
    'sender',
    'envelope sender',
    'envelope from',
    'mail smtp from addresses',
    'sender address',
    'mail from',
    'return path',
    'from',
  ],
  recipient: [
    'recipient',
    'recipients',
    'envelope recipient',
    'mail smtp recipients',
    'envelope to',
    'recipient address',
    'rcpt to',
    'rcpt',
    'to',
  ],
  direction: ['direction', 'mail direction', 'traffic direction'],
  size: ['size', 'message size', 'mail size', 'size bytes', 'message size bytes'],
  senderIP: ['sender ip', 'mail sender ip', 'sender ip address', 'client ip', 'source ip', 'src ip'],
  deliveredTo: ['delivered to', 'delivered to server', 'relay mta', 'downstream mta', 'next hop', 'relay'],
  details: [
    'details',
    'detail',
    'smtp reply',
    'smtp response',
    'delivery details',
    'server response',
    'response',
    'reply',
  ],
  action: ['action', 'last action', 'act', 'delivery status', 'status', 'event'],
  type: ['type', 'traffic type', 'traffic', 'log type'],
  policyAction: ['policy action', 'policy name', 'event subtype'],
  scanType: ['scan type'],
};

/** The form in which names are compared: lower-case letters and digits only, so `Message ID`, `message_id` and `messageID` are one. */
export function comparableName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

const ALIAS = new Map<string, { readonly field: number; readonly rank: number }>();
for (const field of FIELDS) {
  ALIASES[field].forEach((alias, rank) => ALIAS.set(comparableName(alias), { field: FIELD[field], rank }));
}

/**
 * Which field a header, an XML element, a REST field or a CEF label means.
 * @returns the field's number and how telling the name is (0 best), or undefined for a name that the table does not know
 */
export function fieldNamed(name: string): { readonly field: number; readonly rank: number } | undefined {
  return ALIAS.get(comparableName(name));
}
