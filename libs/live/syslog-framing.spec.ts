import { SyslogFraming } from './syslog-framing';

const A = '<22>Mar  2 10:00:00 mx1 postfix/qmgr[1]: A1: removed';
const B = '<22>1 2026-03-02T10:00:01Z mx1 postfix/qmgr 1 - - B2: removed';

/** All messages of a connection that sends `text` in pieces of these lengths, the last one repeated. */
function messages(text: string, pieces: readonly number[] = [Infinity], limit = 1000) {
  const framing = new SyslogFraming(limit);
  const seen: string[] = [];
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const length = pieces[Math.min(piece, pieces.length - 1)];
    // A buffer of its own, overwritten afterwards: what is kept must have been copied.
    const chunk = Buffer.from(bytes.subarray(at, at + length));
    seen.push(...framing.push(chunk).map((message) => message.toString('latin1')));
    chunk.fill(63);
    at += length;
  }
  seen.push(...framing.end().map((message) => message.toString('latin1')));
  return { seen, oversized: framing.oversized, cutOff: framing.cutOff };
}

const counted = (message: string): string => `${Buffer.byteLength(message, 'latin1')} ${message}`;
const fine = (...seen: string[]) => ({ seen, oversized: 0, cutOff: 0 });

describe('syslog over TCP', () => {
  it.each([
    ['octet counting', counted(A) + counted(B), [A, B]],
    ['octet counting, with line ends inside the count', counted(`${A}\n`) + counted(B), [`${A}\n`, B]],
    ['octet counting, with line ends behind it', `${counted(A)}\n${counted(B)}\n`, [A, B]],
    ['lines', `${A}\n${B}\n`, [A, B]],
    ['lines, ended by NUL', `${A}\0${B}\0`, [A, B]],
    ['lines, the last without an end', `${A}\n${B}`, [A, B]],
    [
      'lines without priority',
      '2026-03-02T10:00:00Z mx1 x\nMar  2 10:00:00 mx1 y\n',
      ['2026-03-02T10:00:00Z mx1 x', 'Mar  2 10:00:00 mx1 y'],
    ],
    ['both by turns', `${counted(A)}${B}\n${counted(B)}${A}\n`, [A, B, B, A]],
    ['blank lines', `\n\n${A}\n\n`, [A]],
    ['an empty counted message', `0 x\n${counted(A)}`, ['0 x', A]],
  ])('%s, cut at every byte', (_name, text, expected) => {
    for (let cut = 0; cut <= text.length; cut++)
      expect(messages(text, [cut || 1, Infinity])).toEqual(fine(...expected));
    expect(messages(text, [1])).toEqual(fine(...expected));
    expect(messages(text, [7])).toEqual(fine(...expected));
  });

  it.each([
    ['counted', `${counted('x'.repeat(101))}${counted(A)}`],
    ['line', `<22>${'x'.repeat(101)}\n${A}\n`],
  ])('passes a %s message over the limit by and counts it once', (_name, text) => {
    for (const pieces of [[Infinity], [1], [50], [101]])
      expect(messages(text, pieces, 100)).toEqual({ seen: [A], oversized: 1, cutOff: 0 });
  });

  it('takes a message of exactly the limit', () => {
    const message = 'x'.repeat(100);
    expect(messages(counted(message) + `${message}\n`, [3], 100)).toEqual(fine(message, message));
  });

  it('counts what the end of the connection cuts off', () => {
    expect(messages(counted(A).slice(0, -1))).toEqual({ seen: [], oversized: 0, cutOff: 1 });
    expect(messages(`${counted(A)}52`)).toEqual({ seen: [A], oversized: 0, cutOff: 1 });
    expect(messages(counted('x'.repeat(101)).slice(0, -1), [40], 100)).toEqual({ seen: [], oversized: 1, cutOff: 0 });
  });
});
