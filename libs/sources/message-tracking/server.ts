/** First label of a host name, lower-cased: servers are named now fully, now not. */
export const labelOf = (name: string): string => name.split('.', 1)[0].toLowerCase();

/** Events whose client is the server that wrote the row, and whose server is the next one. */
const HANDS_ON = new Set(['SEND', 'SENDEXTERNAL', 'DELIVER']);

/** The server that wrote a row. */
export function serverOf(event: string, clientHost: string, serverHost: string): string {
  return HANDS_ON.has(event) ? clientHost || serverHost : serverHost || clientHost;
}
