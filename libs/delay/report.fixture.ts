import { type Distribution, type Report, type Segment } from './report';

const distribution = (count: number, seconds: readonly number[]): Distribution => {
  const [mean_ms, p50_ms, p75_ms, p90_ms, p95_ms, p99_ms, p999_ms, max_ms] = seconds.map((s) => s * 1000);
  return {
    count,
    mean_ms,
    p50_ms,
    p75_ms,
    p90_ms,
    p95_ms,
    p99_ms,
    p999_ms,
    max_ms,
    share_under: { '60000': 0.9, '300000': 0.95, '600000': 1 },
  };
};

const day = (date: string, segment: Segment, count: number, p50: number, p95: number): Report['timeline'][number] => ({
  at: `${date}T00:00:00.000Z`,
  segment,
  count,
  p50_ms: p50 * 1000,
  p95_ms: p95 * 1000,
  max_ms: p95 * 2000,
});

/** A report with one slow day of HES and one of an MTA, as given data for the renderers. */
export const REPORT: Report = {
  from: '2026-03-02T00:00:00.000Z',
  to: '2026-03-05T00:00:00.000Z',
  tz: 'UTC',
  clock: 'raw',
  clock_correction: null,
  raw_segments: null,
  estimates: {},
  generated_at: '2026-04-01T00:00:00.000Z',
  version: '0.1.0',
  quantiles: 'exact',
  filters: {},
  coverage: {
    journeys: 1000,
    via_hes: 980,
    not_via_hes: 12,
    unknown: 8,
    matched_downstream: 955,
    complete: 950,
    relayed: 20,
    in_flight: 5,
    bounced: 20,
    rejected: 0,
    expired: 2,
    quarantined: 3,
    deleted: 0,
    rejected_records: 17,
  },
  in_flight: { count: 5, oldest_at: '2026-03-04T21:05:00.000Z' },
  segments: {
    hes: distribution(975, [5.23, 3, 4, 8, 12, 90, 300, 500]),
    hes_processing: distribution(975, [3, 3, 4, 5, 6, 30, 60, 61]),
    hes_waiting: distribution(975, [2.2, 0, 0, 0, 8, 60, 240, 480]),
    downstream: distribution(950, [4, 0.9, 1, 2, 4, 60, 600, 900]),
    total: distribution(948, [9, 4, 5, 9, 15, 120, 620, 1000]),
  },
  hops: [
    {
      mta: 'mx1',
      product: 'postfix',
      count: 600,
      p50_ms: 900,
      p95_ms: 4000,
      p99_ms: 60_000,
      deferrals: 31,
      share_of_downstream: 0.7,
    },
    {
      mta: 'mbx1',
      product: 'postfix',
      count: 550,
      p50_ms: null,
      p95_ms: null,
      p99_ms: null,
      deferrals: 0,
      share_of_downstream: null,
    },
  ],
  verdicts: { none: 894, hes_waiting_on_downstream: 30, 'downstream:mx1': 20, not_via_hes: 12, hes_processing: 4 },
  pareto: {
    journeys: 948,
    delay_ms: 8_000_000,
    causes: [
      { verdict: 'downstream:mx1', journeys: 20, delay_ms: 4_000_000, share_of_delay: 0.5, cumulated_share: 0.5 },
      { verdict: 'hes_processing', journeys: 4, delay_ms: 1_000_000, share_of_delay: 0.125, cumulated_share: 0.625 },
    ],
    months: [],
    domains: [],
  },
  slowest: [
    {
      message_id: "it's-late@sender.example",
      recipient: 'alice@corp.example',
      total_ms: 1_000_000,
      verdict: 'downstream:mx1',
    },
  ],
  interval: 'day',
  timeline: [
    day('2026-03-02', 'hes_processing', 300, 3, 4),
    day('2026-03-02', 'hes_waiting', 300, 0, 0),
    day('2026-03-02', 'downstream', 300, 1, 2),
    day('2026-03-03', 'hes_processing', 320, 3, 256),
    day('2026-03-03', 'hes_waiting', 320, 0, 0),
    day('2026-03-03', 'downstream', 310, 1, 2),
    day('2026-03-04', 'hes_processing', 355, 3, 4),
    day('2026-03-04', 'hes_waiting', 350, 0, 16),
    day('2026-03-04', 'downstream', 340, 1, 64),
  ],
  sla: [],
};
