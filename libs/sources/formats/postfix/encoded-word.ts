const ENCODED_WORD = /=\?([^?\s]+)\?([BbQq])\?([^?\s]*)\?=/g;
/** Between two encoded words; Postfix logs the line break of a folded header as `?`. */
const BETWEEN_WORDS = /(\?=)\??\s+(?==\?)/g;

/**
 * A header value with its encoded words (RFC 2047) decoded. Some programs encode even a Message-ID, in pieces of which the
 * first alone (`<19`) would be the same for many messages. Other character sets than UTF-8 are read as Latin-1.
 */
export function decodeEncodedWords(text: string): string {
  return text
    .replace(BETWEEN_WORDS, '$1')
    .replace(ENCODED_WORD, (_, charset: string, encoding: string, data: string) => {
      const bytes = encoding.toUpperCase() === 'B' ? Buffer.from(data, 'base64') : decodeQ(data);
      return bytes.toString(charset.toLowerCase() === 'utf-8' ? 'utf8' : 'latin1');
    });
}

function decodeQ(data: string): Buffer {
  const spaced = data.replaceAll('_', ' ');
  return Buffer.from(
    spaced.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}
