import { reportCsv } from './report-csv';
import { type Report } from './report';
import { REPORT } from './report.fixture';
import { reportText } from './report-text';
import { timelineText } from './report-timeline';

const next = { program: 'npx hoptime', options: ['--from', '2026-03-02', '--store-url', 'chdb:data/x y'] };

describe('reportText', () => {
  it('says it in sentences, then in figures, then how to go on', () => {
    expect(reportText(REPORT, next)).toBe(`How long did the mail wait, and where?
1,000 journeys (one per message and recipient), 2026-03-02 00:00 to 2026-03-05 00:00 UTC

HES held the mail 3.0 s (median); 95 of 100 at most 12.0 s; the longest 8 min 20 s.
  Not all of that was HES at work: some of it HES waited for the next MTA, which had refused or deferred the mail (5 of 100 waited 8.0 s or more, the longest 8 min 0 s).
The hops after HES took 900 ms (median); 95 of 100 at most 4.0 s; the longest 15 min 0 s.
Late were 54 of the 948 that can be judged: HES waited for the next MTA 30, slow at mx1 20, HES itself 4.

where                           count   mean  median    95 %        99 %      slowest  < 1 min  < 5 min  < 10 min
──────────────────────────────  ─────  ─────  ──────  ──────  ──────────  ───────────  ───────  ───────  ────────
held by HES                       975  5.2 s   3.0 s  12.0 s  1 min 30 s   8 min 20 s   90.0 %   95.0 %     100 %
  HES at work                     975  3.0 s   3.0 s   6.0 s      30.0 s    1 min 1 s   90.0 %   95.0 %     100 %
  HES waiting for the next MTA    975  2.2 s    0 ms   8.0 s   1 min 0 s    8 min 0 s   90.0 %   95.0 %     100 %
after HES                         950  4.0 s  900 ms   4.0 s   1 min 0 s   15 min 0 s   90.0 %   95.0 %     100 %
total                             948  9.0 s   4.0 s  15.0 s   2 min 0 s  16 min 40 s   90.0 %   95.0 %     100 %
In flight: 5 journeys not in these figures, the oldest since 2026-03-04 21:05.

The days: 95 of 100 mails took at most this long. A bar grows by one block each time the time doubles from 1 s; ◄ is far above the usual day.
day             mail  HES at work              HES waiting          after HES
──────────────  ────  ───────────  ──────────  ───────────  ──────  ─────────  ────────
2026-03-02 Mon   300        4.0 s  ██                 0 ms              2.0 s  █
2026-03-03 Tue   320   4 min 16 s  ████████ ◄         0 ms              2.0 s  █
2026-03-04 Wed   355        4.0 s  ██               16.0 s  ████ ◄  1 min 4 s  ██████ ◄

MTA after HES  product  mail  median   95 %       99 %  deferrals  share of time
─────────────  ───────  ────  ──────  ─────  ─────────  ─────────  ─────────────
mx1            postfix   600  900 ms  4.0 s  1 min 0 s         31         70.0 %
mbx1           postfix   550       –      –          –          0              –

why late                     journeys  --verdict
───────────────────────────  ────────  ─────────────────────────
not late                          894  none
HES waited for the next MTA        30  hes_waiting_on_downstream
slow at mx1                        20  downstream:mx1
did not pass HES                   12  not_via_hes
HES itself                          4  hes_processing
not decided                        40  unknown

late mail    journeys        delay  of all delay  together
───────────  ────────  ───────────  ────────────  ────────
slow at mx1        20   1 h 07 min        50.0 %    50.0 %
HES itself          4  16 min 40 s        12.5 %    62.5 %

Passed HES: 980 of 1,000 (not: 12, unknown: 8).
Found again after HES: 955 of 980; not found: 25.
How they ended: complete 950, relayed 20, in flight 5, bounced 20, expired 2, quarantined 3.
Not understood: 17 records of the inputs (see them: npx hoptime rejected --store-url 'chdb:data/x y').

Next:
  # the mail behind a figure
  npx hoptime journeys --sort slowest --verdict hes_waiting_on_downstream --from 2026-03-02 --store-url 'chdb:data/x y'
  # the slowest one, down to file and line
  npx hoptime journey 'it'\\''s-late@sender.example' --recipient alice@corp.example --store-url 'chdb:data/x y'
`);
  });

  it('says what to do when there is nothing to report', () => {
    const nothing = {
      ...REPORT,
      from: null,
      to: null,
      coverage: { ...REPORT.coverage, journeys: 0, rejected_records: 0 },
    };
    expect(reportText(nothing, next)).toBe(
      'No journey is in the store.\nRead your files first: npx hoptime ingest PATH…   or see made-up mail: npx hoptime demo\n',
    );
  });

  it('says which logs are missing instead of figures that would be empty', () => {
    const empty = { ...REPORT.segments.hes, count: 0, p50_ms: null, p95_ms: null, max_ms: null };
    const segments = { ...REPORT.segments, hes: empty, hes_waiting: empty, downstream: empty };
    const text = reportText({ ...REPORT, segments, verdicts: {}, hops: [] }, next);
    expect(text).toContain('How long HES held the mail is not known: ingest its mail tracking export.\n');
    expect(text).toContain('How long the hops after HES took is not known: ingest the logs of the MTAs behind HES.\n');
    expect(text).toContain('No MTA after HES has been seen');
  });
});

describe('timelineText', () => {
  it('names hours by the zone of the report', () => {
    const timeline = REPORT.timeline
      .slice(0, 6)
      .map((point, i) => ({ ...point, at: `2026-03-02T0${i < 3 ? 8 : 9}:00:00.000Z` }));
    const lines = timelineText({ ...REPORT, interval: 'hour', tz: 'Europe/Berlin', timeline }).split('\n');
    expect(lines[0]).toContain('The hours: ');
    expect(lines[3]).toBe('2026-03-02 09:00   300        4.0 s  ██                 0 ms        2.0 s  █');
    expect(lines[4]).toBe('2026-03-02 10:00   320   4 min 16 s  ████████ ◄         0 ms        2.0 s  █');
  });

  it('is left out when there is only one moment', () => {
    expect(timelineText({ ...REPORT, timeline: REPORT.timeline.slice(0, 3) })).toBe('');
  });
});

describe('a report with estimates and corrected clocks', () => {
  const band = (value: number | null, lower: number | null, upper: number | null) => ({ value, lower, upper });
  const quantiles = {
    p50_ms: band(900, 800, 1000),
    p75_ms: band(2000, 1900, 2100),
    p90_ms: band(3000, 2900, 3500),
    p95_ms: band(4000, 3900, null),
    p99_ms: band(null, null, null),
  };
  const share_under = { 60000: band(0.9, 0.8, 0.95), 300000: band(0.95, 0.9, 0.97), 600000: band(1, 1, 1) };
  const report: Report = {
    ...REPORT,
    clock: 'corrected',
    raw_segments: REPORT.segments,
    clock_correction: {
      reference: 'hes',
      corrected: 900,
      one_clock: 90,
      not_correctable: 10,
      p50_ms: 4200,
      p95_ms: 60_000,
      max_ms: 61_000,
      negative: 1,
    },
    estimates: {
      downstream: {
        unknown: 25,
        share_bounds: { 300000: { worst: 0.9, best: 0.925 } },
        kaplan_meier: { ended: 950, in_flight: 5, confidence: 0.99, quantiles, share_under },
      },
      hes_waiting: { unknown: 5, share_bounds: {}, kaplan_meier: null },
    },
  };
  const text = reportText(report, next);

  it('has the estimate with its band, open where nothing was observed, and the bounds of the share', () => {
    const header = text.split('\n').find((line) => line.startsWith('with mail in flight'));
    expect(header?.split(/ {2,}/)).toEqual([
      ...['with mail in flight', 'in flight', 'median', '95 %', '< 5 min'],
      ...['not known', '< 5 min: worst to best'],
    ]);
    expect(text.split('\n').find((line) => /^after HES +5 /.test(line))).toMatch(
      /900 ms \(800 ms–1\.0 s\) +4\.0 s \(3\.9 s–…\) +95\.0 % \(90\.0 %–97\.0 %\) +25 +90\.0 % to 92\.5 %$/,
    );
  });

  it('has raw figures beside the corrected ones, and says how large the correction is', () => {
    expect(text).toContain(
      'Clocks: corrected, the clock of hes counts as right: 900 journeys, by 4.2 s at the median, 1 min 0 s at 95 %, 1 min 1 s at most; 90 on one clock or without figures; 10 not correctable, their figures are raw. 1 journey with a figure below 0: nothing is cut off.\nAs the logs say it (raw):\n',
    );
  });

  it('has all of it as CSV', () => {
    const csv = reportCsv(report).split('\r\n');
    expect(csv).toContain('clock_correction,,,not_correctable,10');
    expect(csv).toContain('raw_segments,hes,,count,975');
    expect(csv).toContain('estimates,downstream,,p95_ms_lower,3900');
    expect(csv).toContain('estimates,downstream,,p95_ms_upper,');
    expect(csv).toContain('estimates,downstream,,share_under_300000_ms_best,0.925');
    expect(csv).toContain('estimates,hes_waiting,,unknown,5');
  });
});

describe('reportCsv', () => {
  const lines = reportCsv({ ...REPORT, filters: { state: ['complete', 'relayed'] } }).split('\r\n');

  it('has one figure per line', () => {
    expect(lines.slice(0, 3)).toEqual([
      'section,key,at,metric,value',
      'report,,,from,2026-03-02T00:00:00.000Z',
      'report,,,to,2026-03-05T00:00:00.000Z',
    ]);
    expect(lines[lines.length - 1]).toBe('');
    // report 7, filter 1, coverage 14, 5 segments of 9 and 3, hops 2 × 7, verdicts 5, pareto 2 and 2 × 4, slowest 4, timeline 9 × 4, header and last end
    expect(lines.length).toBe(7 + 1 + 14 + 5 * 12 + 14 + 5 + 10 + 4 + 36 + 2);
  });

  it.each([
    'report,,,state,complete relayed',
    'coverage,,,matched_downstream,955',
    'segments,hes,,p999_ms,300000',
    'segments,hes,,share_under_60000_ms,0.9',
    'hops,mbx1,,p50_ms,',
    'verdicts,downstream:mx1,,count,20',
    'pareto,,,delay_ms,8000000',
    'pareto,hes_processing,,cumulated_share,0.625',
    'slowest,1,,total_ms,1000000',
    'timeline,hes_processing,2026-03-03T00:00:00.000Z,p95_ms,256000',
  ])('holds %s', (line) => expect(lines).toContain(line));
});
