import { ASCII, isDigit } from '../../log-text/byte-scan';

/** Sendmail 8.8 and older: three letters and the process id. All later ones are longer. */
const SHORTEST = 8;
const SHORTEST_PROCESS_ID = 5;

/**
 * End of the queue id that begins at `from` and is followed by a colon; −1 when there is none: letters and digits, the last
 * five of them digits of the process id (formats.md §7), so `NOQUEUE:` and `STARTTLS:` are none.
 */
export function queueIdEnd(bytes: Uint8Array, from: number, to: number): number {
  let digits = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === ASCII.colon) return at - from >= SHORTEST && digits >= SHORTEST_PROCESS_ID ? at : -1;
    if (isDigit(byte)) digits++;
    else if (isLetter(byte)) digits = 0;
    else return -1;
  }
  return -1;
}

/** A to Z in either case. */
function isLetter(byte: number): boolean {
  return (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
}
