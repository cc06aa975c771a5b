import { alongDrift } from './along-drift';
import { clockChanges } from './clock-changes';
import { clockLeads, lastLead, type ClockPair } from './clock-leads';
import { estimateOf } from './offset-estimate';
import { pairSegments, type ClockHour } from './pair-segments';

const HOUR = 3_600_000;
const limits = { from_resolution_ms: 1000, to_resolution_ms: 1, transmission_ms: 300 };

/** An hour of transfers, a minute apart, that are looked at one by one. */
function hour(at: number, transfers: readonly number[], single = true): ClockHour {
  return {
    at_ms: at * HOUR,
    from_mta: 'a',
    to_mta: 'b',
    transfers: transfers.length,
    offset_ms: 0,
    ...estimateOf(transfers, limits),
    ...limits,
    single: single ? transfers.map((ms, i) => [at * HOUR + i * 60_000, ms] as const) : [],
  };
}
const times = (n: number, value: number): number[] => Array.from({ length: n }, () => value);

describe('the offset that transfers show', () => {
  it('is the mean of the middle half, and half of what the coarser stamp cuts off', () => {
    // middle half of eight: 20, 30, 40, 50; the stamps of A are cut to a second, so a transfer looks half a second too long
    expect(estimateOf([10, 20, 30, 40, 50, 60, 9000, -9000], limits).estimate_ms).toBe(35 - 500 + 1);
    expect(estimateOf([100, 100, 100], { ...limits, from_resolution_ms: 1 }).estimate_ms).toBe(100);
  });

  it('lies between order statistics, widened by resolution, transmission and a late log', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    // 99.9 %: places 50 - 1.64525 · 10 = 33 and 68 of 100
    expect(estimateOf(hundred, limits)).toMatchObject({ lower_ms: 33 - 1000 - 100, upper_ms: 68 + 1 + 300 });
    // of few, the outermost
    expect(estimateOf([5, 1, 9], limits)).toMatchObject({ lower_ms: 1 - 1000 - 100, upper_ms: 9 + 1 + 300 });
  });
});

describe('the stretches of a pair', () => {
  it('are its hours; a jump inside an hour cuts it between two transfers', () => {
    const jumped = [...times(10, 0), ...times(30, 60_000)];
    const segments = pairSegments([hour(0, times(40, 0), false), hour(1, jumped), hour(2, times(40, 60_000), false)]);
    expect(segments.map(({ from_ms, to_ms, estimate_ms }) => [from_ms, to_ms, estimate_ms])).toEqual([
      [0, HOUR, -499],
      [HOUR, HOUR + 9.5 * 60_000, -499],
      [HOUR + 9.5 * 60_000, 2 * HOUR, 59_501],
      [2 * HOUR, 3 * HOUR, 59_501],
    ]);
  });

  it('a clock that jumps back shows ten minutes twice: the clock of the other side tells before from after', () => {
    // a mail a minute; after the 30th the clock of b goes back by ten minutes, so its stamps run from 0 to 29 and from 20 to 49
    const single = Array.from(
      { length: 60 },
      (_, i) => [(i < 30 ? i : i - 10) * 60_000, i < 30 ? 0 : -600_000] as const,
    );
    const mixed = { ...hour(0, []), transfers: 60, single: [...single].sort(([a], [b]) => a - b) };
    expect(
      pairSegments([mixed]).map(({ from_ms, to_ms, transfers, estimate_ms }) => [
        from_ms,
        to_ms,
        transfers,
        estimate_ms,
      ]),
    ).toEqual([
      [0, 24.5 * 60_000, 30, -499],
      [24.5 * 60_000, HOUR, 30, -600_499],
    ]);
    // the same of a: then the stamps of b are in order, and those of a are mixed
    const ofA = {
      ...hour(0, []),
      transfers: 60,
      single: Array.from({ length: 60 }, (_, i) => [i * 60_000, i < 30 ? 0 : 600_000] as const),
    };
    expect(pairSegments([ofA]).map(({ to_ms, estimate_ms }) => [to_ms, estimate_ms])).toEqual([
      [29.5 * 60_000, -499],
      [HOUR, 599_501],
    ]);
  });

  it('slow mails among others are no jump', () => {
    const slow = times(40, 0).map((ms, i) => (i % 5 === 0 ? 20_000 : ms));
    expect(pairSegments([hour(0, slow)])).toHaveLength(1);
  });

  it('hours with few transfers are put together, and two alone tell nothing', () => {
    const few = pairSegments([
      hour(0, times(5, 100)),
      hour(1, times(5, 100)),
      hour(3, times(6, 100)),
      hour(5, times(4, 100)),
    ]);
    expect(few.map(({ from_ms, to_ms, transfers }) => [from_ms, to_ms, transfers])).toEqual([
      [0, 4 * HOUR, 16],
      [5 * HOUR, 6 * HOUR, 4],
    ]);
    expect(pairSegments([hour(0, [1, 2])])).toEqual([]);
  });
});

const stretch = (from: number, to: number, estimate_ms: number, width = 1000, transfers = 50) => ({
  from_ms: from * HOUR,
  to_ms: to * HOUR,
  estimate_ms,
  lower_ms: estimate_ms - width / 2,
  upper_ms: estimate_ms + width / 2,
  transfers,
});
const pair = (from_mta: string, to_mta: string, ...segments: ReturnType<typeof stretch>[]): ClockPair => ({
  from_mta,
  to_mta,
  segments,
});

describe('the leads of clocks', () => {
  it('add up along the way whose bounds are narrowest, HES being right', () => {
    const { reference, hosts } = clockLeads([
      pair('hes', 'mx1', stretch(0, 10, 5000)),
      pair('hes', 'mx2', stretch(0, 10, -300)),
      pair('mx1', 'mbx', stretch(0, 10, 7000, 4000)),
      pair('mx2', 'mbx', stretch(0, 10, 12_400)),
    ]);
    expect(reference).toBe('hes');
    expect(hosts.get('hes')).toEqual([{ at_ms: 0, lead_ms: 0, lower_ms: 0, upper_ms: 0, seen: true, other_ms: null }]);
    // from where its first pair begins by its own stamps; that mx1 led on for 12 s, until the pair of HES and mx2 begins, is left out
    expect(hosts.get('mbx')?.findLast(({ at_ms }) => at_ms <= HOUR)).toEqual({
      at_ms: 0,
      lead_ms: 12_100,
      lower_ms: 11_100,
      upper_ms: 13_100,
      seen: true,
      other_ms: null,
    });
    // a day after the last transfer nothing is known
    expect(hosts.get('mx1')?.map(({ at_ms, lead_ms }) => [at_ms, lead_ms])).toEqual([
      [-24 * HOUR, 5000],
      [0, 5000],
      [10 * HOUR, 5000],
      [34 * HOUR, null],
    ]);
  });

  it('without HES the MTA with most transfers is right, and gaps are shared out', () => {
    const { reference, hosts } = clockLeads([
      pair('mx1', 'mbx', stretch(0, 1, 100), stretch(5, 6, 900)),
      pair('mx2', 'mbx', stretch(0, 1, 0)),
    ]);
    expect(reference).toBe('mbx');
    // by its own stamps: those of mbx and the lead, in the middle of a change the mean of both
    expect(hosts.get('mx1')?.map(({ at_ms, lead_ms }) => [at_ms, lead_ms])).toEqual([
      [-24 * HOUR - 100, -100],
      [-100, -100],
      [HOUR - 100, -100],
      [3 * HOUR - 500, -900],
      [5 * HOUR - 900, -900],
      [6 * HOUR - 900, -900],
      [30 * HOUR - 900, null],
    ]);
  });

  it('tell the other side of a jump an hour around what the clock left out or showed twice', () => {
    const { hosts } = clockLeads([pair('hes', 'mx1', stretch(0, 10, 0), stretch(10, 20, -600_000))]);
    const around = 300_000 + HOUR;
    expect(hosts.get('mx1')?.map(({ at_ms, lead_ms, other_ms }) => [at_ms - 10 * HOUR, lead_ms, other_ms])).toEqual([
      [-34 * HOUR, 0, null],
      [-10 * HOUR, 0, null],
      [-around, 0, -600_000],
      [0, -600_000, 0],
      [around, -600_000, null],
      [10 * HOUR, -600_000, null],
      [34 * HOUR, null, null],
    ]);
  });

  it('are put together in one time: a jump of one clock is none of another that is minutes apart', () => {
    // mx1 jumps ahead by 400 s at its 10 o'clock, 200 s before that by HES; mbx is 600 s ahead, so it shows 400 s past ten then
    const at = 10 + 400 / 3600;
    const { hosts } = clockLeads([
      pair('hes', 'mx1', stretch(0, 10, 0), stretch(10, 20, 400_000)),
      pair('mx1', 'mbx', stretch(0, at, 600_000), stretch(at, 20, 200_000)),
    ]);
    const leads = hosts.get('mbx')?.filter(({ at_ms }) => at_ms > HOUR && at_ms < 19 * HOUR) ?? [];
    expect(leads.every(({ lead_ms, other_ms }) => lead_ms === 600_000 && other_ms === null)).toBe(true);
    expect(hosts.get('mbx')?.findLast(({ at_ms }) => at_ms < 15 * HOUR)?.lead_ms).toBe(600_000);
  });

  it('go around a pair that nobody has seen for hours: its clock may have run away', () => {
    const { hosts } = clockLeads([
      pair('hes', 'mx1', stretch(0, 10, 5000)),
      pair('hes', 'mx2', stretch(0, 2, -300)),
      pair('mx1', 'mbx', stretch(0, 10, 0)),
      pair('mx2', 'mbx', stretch(0, 10, -20_000)),
    ]);
    const at9 = (name: string) => hosts.get(name)?.findLast(({ at_ms }) => at_ms <= 9 * HOUR)?.lead_ms;
    // by mx1 and mbx, not by what was true of mx2 at 2 o'clock
    expect([at9('mx1'), at9('mbx'), at9('mx2')]).toEqual([5000, 5000, 25_000]);
  });

  it('are shown of the last hour with transfers, not of a time in which nobody looked', () => {
    const { hosts } = clockLeads([
      pair('hes', 'mx1', stretch(0, 1, 5000), stretch(1, 2, 5100), stretch(2, 10, 5200)),
      pair('mx1', 'mbx', stretch(0, 2, 100)),
    ]);
    const of = (name: string, to: number) => lastLead(hosts.get(name) ?? [], to * HOUR);
    expect(of('mx1', 30)).toEqual({ hour_ms: 9 * HOUR, lead_ms: 5200, lower_ms: 4700, upper_ms: 5700 });
    // within the range only
    expect(of('mx1', 1.5)).toEqual({ hour_ms: HOUR, lead_ms: 5100, lower_ms: 4600, upper_ms: 5600 });
    expect(of('mbx', 30)).toEqual({ hour_ms: HOUR, lead_ms: 5200, lower_ms: 4200, upper_ms: 6200 });
    expect(of('hes', 30)).toEqual({ hour_ms: null, lead_ms: 0, lower_ms: 0, upper_ms: 0 });
    expect(of('mbx', -30)).toEqual({ hour_ms: null, lead_ms: null, lower_ms: null, upper_ms: null });
    // before the first transfers there is only what was seen later, with its wider bounds: 1 s, and 1000 ppm of a day
    expect(of('mbx', -1)).toEqual({ hour_ms: null, lead_ms: 5100, lower_ms: 4100 - 174_800, upper_ms: 6100 + 174_800 });
  });

  it('of nothing are nothing', () => {
    expect(clockLeads([])).toEqual({ reference: null, hosts: new Map() });
    expect(clockLeads([pair('a', 'b')]).reference).toBeNull();
  });
});

describe('a clock that runs away', () => {
  // 2 s an hour: an hour in pieces of at most half a second; estimates are those of the middle
  const running = Array.from({ length: 8 }, (_, i) => stretch(i, i + 1, 2000 * i + 1000, 1000, 50));

  it('has stretches in pieces along its drift, with bounds as wide as before', () => {
    const pieces = alongDrift(running);
    expect(pieces).toHaveLength(8 * 4);
    expect(pieces.slice(0, 4)).toEqual(
      [250, 750, 1250, 1750].map((estimate_ms, k) => ({
        from_ms: (k * HOUR) / 4,
        to_ms: ((k + 1) * HOUR) / 4,
        transfers: [13, 12, 13, 12][k],
        estimate_ms,
        lower_ms: estimate_ms - 500,
        upper_ms: estimate_ms + 500,
      })),
    );
  });

  it('is taken from the middle of its transfers, where they lie in a part of the stretch', () => {
    // four hours with six transfers, all of the first hour: there the clock was 17 s ahead, at the end of the stretch 24 s
    const last = { ...stretch(8, 12, 17_000, 1000, 6), centre_ms: 8.5 * HOUR };
    const pieces = alongDrift([...running, last]).slice(-16);
    expect([pieces[0].estimate_ms, pieces[15].estimate_ms]).toEqual([16_250, 23_750]);
  });

  it('is none where it jumps once, or is steady but for noise', () => {
    const jumped = [...Array.from({ length: 16 }, (_, i) => stretch(i, i + 1, (i < 8 ? 0 : 60_000) + (i % 2) * 100))];
    expect(alongDrift(jumped)).toEqual(jumped);
    // a jump within a drift counts as one step only
    const both = running.map((each, i) => (i < 4 ? each : stretch(i, i + 1, each.estimate_ms - 600_000)));
    expect(
      alongDrift(both)
        .slice(0, 2)
        .map(({ estimate_ms }) => estimate_ms),
    ).toEqual([250, 750]);
  });
});

describe('changes of a clock', () => {
  const steady = (n: number, value: (i: number) => number): ReturnType<typeof stretch>[] =>
    Array.from({ length: n }, (_, i) => stretch(i, i + 1, value(i)));

  it('a steady clock has none', () => {
    expect(clockChanges(pair('a', 'b', ...steady(24, (i) => (i % 3) * 200)))).toEqual([]);
  });

  it('a jump is told with size and time', () => {
    const changes = clockChanges(pair('hes', 'mx1', ...steady(24, (i) => (i < 10 ? 0 : -59_500))));
    expect(changes).toEqual([
      {
        kind: 'jump',
        from_mta: 'hes',
        to_mta: 'mx1',
        from_ms: 9 * HOUR,
        to_ms: 11 * HOUR,
        change_ms: -59_500,
        per_day_ms: null,
        sentence:
          'The clock of mx1 jumped 59.5 s back against that of hes between 1970-01-01 09:00 and 1970-01-01 11:00 UTC.',
      },
    ]);
  });

  it('a jump that the transfers of an hour show is told to the minute', () => {
    const segments = [stretch(0, 10.25, 0), stretch(10.25, 11, 60_000), ...steady(24, () => 60_000).slice(11)];
    expect(clockChanges(pair('a', 'b', ...segments)).map(({ sentence }) => sentence)).toEqual([
      'The clock of b jumped 1 min 0 s ahead against that of a about 1970-01-01 10:15 UTC.',
    ]);
  });

  it('a drift is told with its rate, beside a jump', () => {
    // 300 ms an hour: 7.2 s a day; and 600 s at once
    const changes = clockChanges(pair('hes', 'mx1', ...steady(48, (i) => 300 * i + (i < 24 ? 0 : 600_000))));
    expect(changes.map(({ kind, change_ms, per_day_ms }) => [kind, change_ms, per_day_ms])).toEqual([
      ['drift', 6900, 7200],
      ['jump', 600_300, null],
      ['drift', 6900, 7200],
    ]);
    expect(changes[0].sentence).toBe(
      'The clock of mx1 ran 6.9 s ahead against that of hes from 1970-01-01 00:00 to 1970-01-02 00:00 UTC: 7.2 s a day.',
    );
  });
});
