import { isHesHost } from '../../trace/hes-hosts';
import { RepeatedValues } from '../fields/repeated-values';

/** First label of a host name, lower-cased: servers are named now fully, now not. */
export const labelOf = (name: string): string => name.split('.', 1)[0].toLowerCase();

/** A host name of a row. */
export interface ServerName {
  readonly name: string;
  readonly label: string;
  readonly isHes: boolean;
  readonly bytes: Uint8Array;
}

export const serverName = (name: string): ServerName => ({
  name,
  label: labelOf(name),
  isHes: isHesHost(name),
  bytes: Buffer.from(name, 'utf8'),
});

/** The host names of a file, each looked at once. */
export class ServerNames extends RepeatedValues<ServerName> {
  constructor() {
    super(serverName);
  }
}

/** Events whose client is the server that wrote the row, and whose server is the next one. */
const HANDS_ON = new Set(['SEND', 'SENDEXTERNAL', 'DELIVER']);

/** Whether an event's client is the server that wrote the row; of all others it is the server. */
export const isWrittenByClient = (event: string): boolean => HANDS_ON.has(event);
