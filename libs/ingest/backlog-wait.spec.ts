import { BacklogWait } from './backlog-wait';

it('goes on at once when nothing waits to be written, and after a second when little does', () => {
  expect(new BacklogWait(0).goesOn(0, 0)).toBe(false);
  expect(new BacklogWait(0).goesOn(999, 8)).toBe(true);
  expect(new BacklogWait(0).goesOn(1000, 8)).toBe(false);
  expect(new BacklogWait(0).goesOn(1000, 9)).toBe(true);
});

it('waits a minute, or twice as long as a correlation takes, for writers that do not get on, or of which nobody says', () => {
  for (const blocks of [500, null]) {
    const wait = new BacklogWait(10_000);
    expect([0, 59_999, 60_000].map((at) => wait.goesOn(at, blocks))).toEqual([true, true, false]);
    const slow = new BacklogWait(100_000);
    expect([0, 199_999, 200_000].map((at) => slow.goesOn(at, blocks))).toEqual([true, true, false]);
  }
});

it('waits for a backlog that will be gone within ten minutes of the beginning, and for no other', () => {
  const wait = new BacklogWait(10_000);
  expect(wait.goesOn(0, 1000)).toBe(true);
  // 200 blocks in 100 s: 800 more take 400 s, and end at 500 s.
  expect(wait.goesOn(100_000, 800)).toBe(true);
  // 250 in 150 s: 750 more take 450 s, which is 600 s in all.
  expect(wait.goesOn(150_000, 750)).toBe(false);
  // It grows.
  expect(wait.goesOn(150_000, 1001)).toBe(false);
});
