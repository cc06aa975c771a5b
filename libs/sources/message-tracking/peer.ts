import type { RecordFields } from '../fields/record-fields';
import { ASCII, ascii, indexOfByte, startsWith } from '../log-text/byte-scan';
import type { ServerNames } from './server';

const FIRST_HOP = ascii('S:FirstForestHop=');
const SEMICOLON = 59;

/** Which fields say who handed a message to a server, as far as a RECEIVE row tells; −1 = none does. */
export interface Peer {
  readonly name: number;
  readonly address: number;
}

/** Where the fields stand that {@link peerOf} looks at. */
export interface PeerFields {
  readonly clientHost: number;
  readonly clientIp: number;
  readonly originalClientIp: number;
  readonly data: number;
}

/**
 * The client of a RECEIVE over SMTP. Behind the front end of the same server (its own name as client, or `S:FirstForestHop` in custom-data) the
 * client is whoever had the original address. The name is what the client called itself, so it is believed of a server, not of HES.
 */
export function peerOf(server: string, fields: RecordFields, at: PeerFields, names: ServerNames): Peer {
  const client = names.of(fields, at.clientHost);
  const own = !fields.isEmpty(at.clientHost) && client.label === server;
  const first = own || (server !== '' && firstHop(fields, at.data, names) === server);
  const address = first && !fields.isEmpty(at.originalClientIp) ? at.originalClientIp : at.clientIp;
  const isElse = address !== at.clientIp && !fields.areEqual(address, at.clientIp);
  return { name: own || isElse || client.isHes ? -1 : at.clientHost, address };
}

/** Label of the server that custom-data names as the first of the organisation; '' without one. */
function firstHop({ bytes, from, to }: RecordFields, data: number, names: ServerNames): string {
  if (data < 0) return '';
  const end = to[data];
  for (let at = from[data]; at < end;) {
    const next = indexOfByte(bytes, SEMICOLON, at, end);
    const partEnd = next < 0 ? end : next;
    if (bytes[at] === FIRST_HOP[0] && startsWith(bytes, at, partEnd, FIRST_HOP)) {
      const name = at + FIRST_HOP.length;
      const dot = indexOfByte(bytes, ASCII.dot, name, partEnd);
      return names.ofBytes(bytes, name, dot < 0 ? partEnd : dot).label;
    }
    at = partEnd + 1;
  }
  return '';
}
