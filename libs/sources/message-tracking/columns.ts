/** Columns of a message tracking row, by what they mean; names are those of the Exchange log without its dashes. */
export const COLUMN = {
  time: ['datetime', 'datetimeutc', 'timestamp'],
  clientIp: ['clientip'],
  clientHost: ['clienthostname'],
  serverIp: ['serverip'],
  serverHost: ['serverhostname'],
  context: ['sourcecontext'],
  source: ['source'],
  event: ['eventid'],
  internalId: ['internalmessageid'],
  messageId: ['messageid'],
  recipients: ['recipientaddress', 'recipients'],
  recipientStatus: ['recipientstatus'],
  size: ['totalbytes'],
  related: ['relatedrecipientaddress'],
  reference: ['reference'],
  sender: ['senderaddress', 'sender'],
  info: ['messageinfo'],
  directionality: ['directionality'],
  originalClientIp: ['originalclientip'],
  data: ['customdata', 'eventdata'],
} as const;
export type Column = keyof typeof COLUMN;

/** A column's name without case, dashes, underscores and blanks: `date-time`, `date_time` and `Date Time` are one. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * Where the columns of `table` stand among `names`; −1 = not there. `mapping`: name in the file → plain name here, for headers that
 * are not known.
 */
export function placesOf<C extends string>(
  table: Readonly<Record<C, readonly string[]>>,
  names: readonly string[],
  mapping: Readonly<Record<string, string>> = {},
): Readonly<Record<C, number>> {
  const plain = names.map((name) => plainName(mapping[name] ?? name));
  const found = (aliases: readonly string[]): number => plain.findIndex((name) => aliases.includes(name));
  return Object.fromEntries(
    Object.entries<readonly string[]>(table).map(([column, aliases]) => [column, found(aliases)]),
  ) as Record<C, number>;
}

/** Whether two records have the same names: of JSON each record has an array of its own. */
export function sameNames(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const COLUMNS_2016 =
  'date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,related-recipient-address,reference,message-subject,sender-address,return-path,message-info,directionality,tenant-id,original-client-ip,original-server-ip,custom-data,transport-traffic-type,log-id,schema-version'.split(
    ',',
  );
const COLUMNS_2013 = COLUMNS_2016.slice(0, 27);
const COLUMNS_2010 = COLUMNS_2013.filter((name) => name !== 'network-message-id');
/** Assumed: no log of 2007 was at hand. */
const COLUMNS_2007 = COLUMNS_2010.slice(0, 21);

/** The columns of a row without header, by their number (formats.md §4): 30 of 2016 and 2019, 27 of 2013, 26 of 2010, 21 of 2007 (assumed). */
export const DEFAULT_COLUMNS: ReadonlyMap<number, readonly string[]> = new Map(
  [COLUMNS_2016, COLUMNS_2013, COLUMNS_2010, COLUMNS_2007].map((names) => [names.length, names]),
);
