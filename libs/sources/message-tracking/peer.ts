import { isHesHost } from '../../trace/hes-hosts';
import { labelOf } from './server';

/** Who handed a message to a server, as far as a RECEIVE row tells. */
export interface Peer {
  readonly name: string;
  readonly address: string;
}

/**
 * The client of a RECEIVE over SMTP. Behind the front end of the same server (its own name as client, or `S:FirstForestHop` in custom-data) the
 * client is whoever had the original address. The name is what the client called itself, so it is believed of a server, not of HES.
 */
export function peerOf(
  server: string,
  row: { clientHost: string; clientIp: string; originalClientIp: string; data: string },
): Peer {
  const hop = /(?:^|;)S:FirstForestHop=([^;]*)/.exec(row.data)?.[1] ?? '';
  const own = row.clientHost !== '' && labelOf(row.clientHost) === labelOf(server);
  const first = own || (hop !== '' && labelOf(hop) === labelOf(server));
  const address = first && row.originalClientIp !== '' ? row.originalClientIp : row.clientIp;
  const name = own || address !== row.clientIp || isHesHost(row.clientHost) ? '' : row.clientHost;
  return { name, address };
}
