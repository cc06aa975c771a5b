/** Columns of a message trace, by what they mean: reporting web service, Get-MessageTraceV2, Graph, summary and enhanced CSV (formats.md §5). */
export const TRACE_COLUMN = {
  received: [
    'origintimestamputc',
    'origintimestamp',
    'received',
    'receiveddatetime',
    'datereceived',
    'dateutc',
    'date',
  ],
  sender: ['senderaddress', 'sender'],
  recipient: ['recipientaddress', 'recipient'],
  recipientStatus: ['recipientstatus'],
  status: ['status', 'deliverystatus'],
  messageId: ['messageid'],
  networkId: ['messagetraceid', 'networkmessageid', 'id'],
  size: ['size', 'totalbytes', 'messagesize'],
  fromIp: ['fromip', 'originalclientip'],
  toIp: ['toip'],
  directionality: ['directionality', 'direction'],
} as const;
export type TraceColumn = keyof typeof TRACE_COLUMN;
