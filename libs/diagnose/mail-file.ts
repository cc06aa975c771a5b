import { headerEnd, firstBody, readHeaderBlock, type HeaderField } from '../sources/formats/trace-headers/header-block';

/** A header found in a file, and what it is the header of. */
export interface FoundHeader {
  readonly part: 'message' | 'quoted_original';
  readonly fields: readonly HeaderField[];
}

const POSTMARK = /^From \S.*\d\d:\d\d/;
/** How much of a delivery status notification's body is searched for the header that it quotes. */
const REPORT_LIMIT = 4 << 20;
const QUOTED = /^content-type:\s*(?:text\/rfc822-headers|message\/(?:global-headers|rfc822|global))\b/im;

/** The headers of a mail file: an EML or pasted text has one, an mbox one per message, a delivery status notification its quoted original's too. */
export function headersOf(bytes: Uint8Array): FoundHeader[] {
  const text = asUtf8(bytes);
  return messagesOf(text).flatMap((message) => {
    const fields = readHeaderBlock(message);
    const quoted = quotedOriginal(message, fields);
    const found: FoundHeader[] = [{ part: 'message', fields }];
    return quoted ? [...found, { part: 'quoted_original', fields: quoted }] : found;
  });
}

/** Windows editors save pasted text as UTF-16. */
function asUtf8(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return Buffer.from(new TextDecoder('utf-16le').decode(bytes));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(new TextDecoder('utf-16be').decode(bytes));
  return bytes;
}

/** Cuts an mbox (RFC 4155) at its `From ` lines: at the beginning, or after an empty line. */
function messagesOf(bytes: Uint8Array): Uint8Array[] {
  if (!isPostmark(bytes, 0)) return [bytes];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const messages: Uint8Array[] = [];
  let begin = 0;
  for (let at = buffer.indexOf('\nFrom '); at >= 0; at = buffer.indexOf('\nFrom ', at + 1)) {
    const emptyBefore = bytes[at - 1] === 10 || (bytes[at - 1] === 13 && bytes[at - 2] === 10);
    if (!emptyBefore || !isPostmark(bytes, at + 1)) continue;
    messages.push(bytes.subarray(begin, at + 1));
    begin = at + 1;
  }
  return [...messages, bytes.subarray(begin)];
}

function isPostmark(bytes: Uint8Array, at: number): boolean {
  return POSTMARK.test(
    Buffer.from(bytes.subarray(at, at + 300))
      .toString('latin1')
      .split('\n', 1)[0],
  );
}

/** The header that a delivery status notification (RFC 3462 `multipart/report`) quotes, unless it is encoded. */
function quotedOriginal(message: Uint8Array, fields: readonly HeaderField[]): HeaderField[] | undefined {
  if (!/^multipart\/report\b/i.test(firstBody(fields, 'content-type'))) return undefined;
  const end = headerEnd(message, 0, message.length);
  const body = Buffer.from(message.subarray(end, end + REPORT_LIMIT)).toString('latin1');
  const part = QUOTED.exec(body);
  if (!part) return undefined;
  const rest = body.slice(part.index);
  const blank = /\r?\n\r?\n/.exec(rest);
  if (!blank || /^content-transfer-encoding:\s*(?:base64|quoted-printable)/im.test(rest.slice(0, blank.index)))
    return undefined;
  const quoted = readHeaderBlock(Buffer.from(rest.slice(blank.index + blank[0].length).split(/^--/m, 1)[0], 'latin1'));
  return quoted.length > 0 ? quoted : undefined;
}
