import { buffer } from 'node:stream/consumers';
import { describeFailure } from './failure';
import { printableBytes } from './output';

/** A Message-ID as anybody may send it: it would clear the screen of whoever looks at it, and name the window. */
const SENT = 'a\u001b[2J\u001b]0;title\u0007\u009b31m@out.example';
const SHOWN = 'a?[2J?]0;title??31m@out.example';

it('tells a failure without what a terminal would obey', () => {
  expect(describeFailure(new Error(`no journey has ${SENT}\nlist them`), false)).toBe(
    `hoptime: no journey has ${SHOWN}\nhoptime: list them`,
  );
});

it('shows a table without it, wherever its bytes were cut', async () => {
  const bytes = Buffer.from(`│ ${SENT}\t│\n└─ü😀`);
  for (let at = 1; at < bytes.length; at++) {
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(bytes.subarray(0, at));
      yield bytes.subarray(at);
    };
    expect((await buffer(printableBytes(pieces()))).toString()).toBe(`│ ${SHOWN}\t│\n└─ü😀`);
  }
});
