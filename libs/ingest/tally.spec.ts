import { Tally } from './tally';

describe('Tally', () => {
  it('keeps books that balance, and says what was rejected', () => {
    const tally = new Tally();
    expect(tally.count('events', 1)).toBeUndefined();
    expect(tally.count({ skip: 'connect' }, 2)).toBeUndefined();
    expect(tally.count({ reject: 'no stamp' }, 3)).toBe('no stamp');
    expect(tally.count({ reject: '' }, 4)).toBe('');
    expect(tally.count('events', 5)).toBeUndefined();
    expect([tally.records, tally.parsed, tally.skipped, tally.rejected]).toEqual([5, 2, 1, 2]);
  });

  it('tells reasons most frequent first, of equal ones the earlier, each with its first line', () => {
    const tally = new Tally();
    for (const [line, reject] of [
      [9, 'late'],
      [3, 'cut'],
      [12, 'twice'],
      [14, 'twice'],
      [15, 'late twin'],
      [15, 'late twin'],
    ] as const) {
      tally.count({ reject }, line);
    }
    expect(tally.rejectedReasons()).toEqual([
      { reason: 'twice', count: 2, firstLine: 12 },
      { reason: 'late twin', count: 2, firstLine: 15 },
      { reason: 'cut', count: 1, firstLine: 3 },
      { reason: 'late', count: 1, firstLine: 9 },
    ]);
  });

  it('keeps fifty reasons, and counts them all', () => {
    const tally = new Tally();
    for (let line = 1; line <= 60; line++) tally.count({ reject: `reason ${line}` }, line);
    tally.count({ reject: 'reason 50' }, 61);
    tally.count({ reject: 'reason 51' }, 62);
    const reasons = tally.rejectedReasons();
    expect(reasons).toHaveLength(50);
    expect(reasons[0]).toEqual({ reason: 'reason 50', count: 2, firstLine: 50 });
    expect(reasons.some(({ reason }) => reason === 'reason 51')).toBe(false);
    expect(tally.rejected).toBe(62);
  });
});
