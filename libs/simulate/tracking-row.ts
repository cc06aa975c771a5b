import { isoWholeSecond, type Micros } from './clock';

/** The columns of the message tracking log of Exchange 2016 and 2019, which are those of an extended message trace with `_` for `-` (formats.md §4, §5). */
export const TRACKING_COLUMNS =
  'date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,related-recipient-address,reference,message-subject,sender-address,return-path,message-info,directionality,tenant-id,original-client-ip,original-server-ip,custom-data,transport-traffic-type,log-id,schema-version'.split(
    ',',
  );
/** An extended trace ends with custom_data. */
export const TRACE_COLUMNS = TRACKING_COLUMNS.slice(0, 27).map((name) =>
  name === 'date-time' ? 'date_time_utc' : name.replaceAll('-', '_'),
);

/** Values of a row by their column; what is not given is empty. */
export type TrackingRow = Readonly<Partial<Record<string, string | number>>>;

/** The values as one row of these columns, quoted where they need it. */
export const csvRow = (row: TrackingRow, columns: readonly string[]): string =>
  columns.map((column) => quoted(String(row[column] ?? ''))).join(',');

/** A value in quotes where it holds a comma, a quote or a line end. */
export const quoted = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** `2026-03-02T09:11:12.123Z` */
export function isoMillis(time: Micros): string {
  return `${isoWholeSecond(time)}.${String(Math.floor((time % 1e6) / 1000)).padStart(3, '0')}Z`;
}

/** Seconds with three digits, as in latency trees. */
export const seconds3 = (duration: Micros): string => (Math.max(0, Math.floor(duration / 1000)) / 1000).toFixed(3);
