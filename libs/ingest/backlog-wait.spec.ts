import { BacklogWait, restfulMs, type LastCorrelation } from './backlog-wait';

const touched = (ms: number, begun: number): LastCorrelation => ({ scope: 'touched', ms, begun });
const everything = (ms: number, begun: number): LastCorrelation => ({ scope: 'everything', ms, begun });
/** At which of the moments (ms) it waits on, with so many blocks. */
const waits = (wait: BacklogWait, blocks: number | null, ...moments: number[]): boolean[] =>
  moments.map((at) => wait.goesOn(at, blocks));

it('goes on at once when nothing waits to be written, and after a second when little does', () => {
  expect(waits(new BacklogWait(undefined, 500), 0, 500)).toEqual([false]);
  expect(waits(new BacklogWait(undefined, 500), 8, 1499, 1500)).toEqual([true, false]);
  expect(waits(new BacklogWait(undefined, 500), 9, 1500)).toEqual([true]);
});

it.each([
  [0, 0],
  [400, 2000],
  // five times as long; from there on, so that it is visible within 4.7 s; from there on, half of the time; but no more than 10 s of rest
  [780, 3900],
  [1000, 3700],
  [1500, 3200],
  [4000, 8000],
  [10_000, 20_000],
  [140_000, 150_000],
])('correlating what is touched takes %d ms: every %d ms', (correlating, every) =>
  expect(restfulMs(correlating)).toBe(every),
);

it('rests after a correlation of touched messages', () => {
  // The one before began at 10 s: the next one is done 2.7 s after it; of longer ones a tenth of the time is rest.
  expect(waits(new BacklogWait(touched(1000, 10_000), 11_000), 3, 11_500, 11_699, 11_700)).toEqual([true, true, false]);
  expect(waits(new BacklogWait(touched(4000, 10_000), 14_000), 3, 14_399, 14_400)).toEqual([true, false]);
  expect(waits(new BacklogWait(touched(1000, 10_000), 20_000), 0, 20_000)).toEqual([false]);
  expect(waits(new BacklogWait(touched(1000, 10_000), 20_000), 8, 20_000)).toEqual([false]);
  expect(waits(new BacklogWait(touched(1000, 10_000), 20_000), 9, 21_000)).toEqual([true]);
});

it('correlates everything for a fifth of the time, while something comes', () => {
  expect(waits(new BacklogWait(everything(500, 10_000), 11_000), 3, 19_999, 20_000)).toEqual([true, false]);
  expect(waits(new BacklogWait(everything(4000, 10_000), 14_000), 3, 29_999, 30_000)).toEqual([true, false]);
});

it('does not rest any longer when nothing has come for a second', () => {
  const wait = new BacklogWait(everything(4000, 10_000), 14_000);
  expect(waits(wait, 0, 15_000, 15_900)).toEqual([true, true]);
  expect(waits(wait, 1, 15_950)).toEqual([true]);
  expect(waits(wait, 0, 16_000, 16_999, 17_000)).toEqual([true, true, false]);
});

it('waits a minute, or twice as long as a correlation takes, for writers that do not get on, or of which nobody says', () => {
  for (const blocks of [500, null]) {
    const wait = new BacklogWait(touched(10_000, 0), 100_000);
    expect(waits(wait, blocks, 100_000, 159_999, 160_000)).toEqual([true, true, false]);
    const slow = new BacklogWait(touched(100_000, 0), 100_000);
    expect(waits(slow, blocks, 100_000, 299_999, 300_000)).toEqual([true, true, false]);
  }
});

it('waits for a backlog that will be gone within ten minutes of the beginning, and for no other', () => {
  const wait = new BacklogWait(undefined, 0);
  expect(wait.goesOn(0, 1000)).toBe(true);
  // 200 blocks in 100 s: 800 more take 400 s, and end at 500 s.
  expect(wait.goesOn(100_000, 800)).toBe(true);
  // 250 in 150 s: 750 more take 450 s, which is 600 s in all.
  expect(wait.goesOn(150_000, 750)).toBe(false);
  // It grows.
  expect(wait.goesOn(150_000, 1001)).toBe(false);
});
