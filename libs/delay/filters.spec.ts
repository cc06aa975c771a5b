import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filterParameters, isFiltered, VERDICT_FORM } from './journey-filter';
import { parseBound } from './time-range';

describe('parseBound', () => {
  it.each([
    ['2026-03-02', 'UTC', '2026-03-02T00:00:00.000Z'],
    ['2026-03-02', 'Europe/Berlin', '2026-03-01T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['2026-03-02T08:30', 'America/New_York', '2026-03-02T13:30:00.000Z'],
    ['2026-03-02 08:30:15', 'UTC', '2026-03-02T08:30:15.000Z'],
    ['2026-03-02T08:30:15.5', 'UTC', '2026-03-02T08:30:15.500Z'],
    ['2026-03-02T08:30Z', 'Asia/Tokyo', '2026-03-02T08:30:00.000Z'],
    ['2026-03-02T08:30:00-05:00', 'Asia/Tokyo', '2026-03-02T13:30:00.000Z'],
    ['2026-03-02T08:30:00+0530', 'UTC', '2026-03-02T03:00:00.000Z'],
  ])('%p in %s is %s', (text, zone, iso) => expect(new Date(parseBound(text, zone) as number).toISOString()).toBe(iso));

  it.each(['2026-02-29', '2026-13-01', '2026-03-02T24:30', 'yesterday', '', '2026-3-2'])(
    '%p is refused with an example',
    (text) => {
      expect(parseBound(text, 'UTC')).toEqual({
        problem: `${JSON.stringify(text)} is not a time: write 2026-03-02, 2026-03-02T08:30 or 2026-03-02T08:30:00Z`,
      });
    },
  );
});

describe('filterParameters', () => {
  it('gives every parameter, with the whole of time as default, in lower case', () => {
    expect(filterParameters({ recipient_domain: ['Corp.Example'], from: Date.UTC(2026, 2, 2, 0, 0, 0, 1) })).toEqual({
      from: '2026-03-02 00:00:00.001',
      to: '2299-12-31 23:59:59.999',
      recipient_domain: ['corp.example'],
      sender_domain: [],
      mta: [],
      direction: [],
      state: [],
      verdict: [],
      via_hes: [],
    });
  });

  it('knows whether more than a range is asked for', () => {
    expect([isFiltered({ from: 1, to: 2 }), isFiltered({ mta: [] }), isFiltered({ mta: ['mx1'] })]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it.each([
    ['none', true],
    ['downstream', true],
    ['downstream:mx1.corp.example', true],
    ['downstream:', false],
    ['late', false],
  ])('verdict %p: %p', (text, good) => expect(VERDICT_FORM.test(text)).toBe(good));
});

describe('the statements that filter', () => {
  const folder = join(__dirname, '../store/sql/queries');
  const block = (text: string): string => {
    const from = text.indexOf('first_event_at >= {from', text.indexOf('FROM hoptime.journeys'));
    const last = 'has({mta:Array(String)}, mta)';
    return text
      .slice(from, text.indexOf(last, from) + last.length)
      .split('\n')
      .map((line) => line.trim())
      .join('\n');
  };
  const filtering = readdirSync(folder)
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
    // the rollups know some columns only, and no view
    .filter(({ file, text }) => text.includes('{verdict:Array(String)}') && !file.startsWith('rollup_'));

  it('are those of the report, the API and the list of journeys', () => {
    expect(filtering.map(({ file }) => file).sort()).toEqual([
      'breakdown.sql',
      'breakdown_by_reply.sql',
      'clock_status.sql',
      'compare_counts.sql',
      'compare_mta.sql',
      'compare_property.sql',
      'compare_reply.sql',
      'compare_size.sql',
      'coverage_unmatched.sql',
      'delay_histogram.sql',
      'durations_in_flight.sql',
      'hes_sum.sql',
      'hop_links.sql',
      'journeys.sql',
      'known_durations.sql',
      'pareto.sql',
      'report_coverage.sql',
      'report_hops.sql',
      'report_segments.sql',
      'report_slowest.sql',
      'report_timeline.sql',
      'report_verdicts.sql',
      'sla_sample.sql',
      'unknown_durations.sql',
    ]);
  });

  it('hold the same filter, word for word, so that a figure and the list behind it agree', () => {
    const [first, ...others] = filtering.map(({ text }) => block(text));
    expect(first.split('\n').length).toBe(18);
    for (const other of others) expect(other).toBe(first);
  });
});
