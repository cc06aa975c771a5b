import type { BigIntStats } from 'node:fs';
import { Sighting } from './sighting';

/** When a file counts as one that does not grow any more, by clocks that the test sets. */
const FILE = { path: '/logs/page.json', display: 'page.json', modifiedAt: 0 };
const SETTLE_MS = 300;
/** of a clock that is ahead: the system's own account says nothing then */
const AHEAD = Date.UTC(2100, 0, 1);

interface Look {
  readonly at: number;
  readonly size: number;
  readonly inode?: number;
  readonly changedMs?: number;
}

let nowMs = 0;
beforeEach(() => {
  jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
  jest.spyOn(Date, 'now').mockImplementation(() => nowMs);
});
afterEach(() => jest.restoreAllMocks());

/** Looks at a file again and again; answers at which looks it had settled. */
function settled(...looks: readonly Look[]): boolean[] {
  let before: Sighting | undefined;
  return looks.map(({ at, size, inode = 7, changedMs = AHEAD }) => {
    nowMs = at;
    // whoever writes it sets its date back each time
    const stats = { dev: 1n, ino: BigInt(inode), size: BigInt(size), mtimeNs: 0n, ctimeMs: BigInt(changedMs) };
    before = Sighting.of(FILE, stats as BigIntStats, before);
    return before.settledFor(SETTLE_MS);
  });
}

it('settles when it was the same for so long in our sight', () => {
  expect(settled({ at: 0, size: 9 }, { at: 299, size: 9 }, { at: 300, size: 9 })).toEqual([false, false, true]);
});

it('begins anew whenever it has grown, however old it is', () => {
  const looks = [0, 200, 400, 600].map((at) => ({ at, size: 100 + at }));
  // The last of these says 700 bytes.
  const growing = settled(...looks, { at: 899, size: 700 }, { at: 900, size: 700 });
  expect(growing).toEqual([false, false, false, false, false, true]);
});

it('begins anew where another file of the same size lies at its path', () => {
  expect(settled({ at: 0, size: 9 }, { at: 300, size: 9, inode: 8 }, { at: 600, size: 9, inode: 8 })).toEqual([
    false,
    false,
    true,
  ]);
});

it('is settled at first sight where the system says that it has not changed for so long', () => {
  expect(settled({ at: 5000, size: 9, changedMs: 4701 })).toEqual([false]);
  expect(settled({ at: 5000, size: 9, changedMs: 4700 })).toEqual([true]);
});
