import type { Store } from '../../libs/store/store';

const SEGMENTS = ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'] as const;
export type Row = Record<string, string | number | null>;
/** count, sum and largest of the durations of a key */
export type Figures = [count: number, sum: number, largest: number];

export const LATEST = `(SELECT begins, max(version) FROM hoptime_store.rollup_versions WHERE span = 'SPAN' GROUP BY begins)`;

/** What the rollups of hours or days count, by key: seconds since 1970, segment, and what journeys are told apart by. */
export async function rolled(store: Store, span: 'hour' | 'day'): Promise<Map<string, Figures>> {
  const rows = await store.rows<Row>({
    sql: `SELECT toUnixTimestamp(begins) AS at, toString(segment) AS segment, direction, state, via_hes, verdict, sum(count) AS n, sum(sum_ms) AS ms, max(max_ms) AS most
      FROM hoptime_store.delay_rollups WHERE span = '${span}' AND (begins, version) IN ${LATEST.replace('SPAN', span)}
      GROUP BY at, segment, direction, state, via_hes, verdict`,
  });
  return new Map(
    rows.map((r) => [
      [r.at, r.segment, r.direction, r.state, r.via_hes, r.verdict].join(' '),
      [Number(r.n), Number(r.ms), Number(r.most)],
    ]),
  );
}

/** The same of journeys, added up here. */
export function added(journeys: readonly Row[], seconds: number): Map<string, Figures> {
  const sums = new Map<string, Figures>();
  for (const journey of journeys) {
    const at = Math.floor(Number(journey.at) / seconds) * seconds;
    for (const segment of SEGMENTS) {
      if (journey[segment] === null) continue;
      const ms = Number(journey[segment]);
      const key = [at, segment, journey.direction, journey.state, journey.via_hes, journey.verdict].join(' ');
      const [count, sum, largest] = sums.get(key) ?? [0, 0, -Infinity];
      sums.set(key, [count + 1, sum + ms, Math.max(largest, ms)]);
    }
  }
  return sums;
}

const PROPERTY_KEY = 'property, value, detail, segment, span, begins';
const PROPERTY_SUMS = ['count', 'known', 'sum_ms', 'under_1_min', 'under_5_min', 'under_10_min', 'deferrals'];
const SUM_KEY = 'property, value, begins, state, via_hes, verdict, matched';

/** What the rollups by property add up to, without what was taken away again. */
export async function addedUp(store: Store): Promise<Row[]> {
  const histograms = await store.rows<Row>({
    sql: `SELECT ${PROPERTY_KEY}, ${PROPERTY_SUMS.map((name) => `sum(h.${name}) AS ${name}_sum`).join(', ')} FROM hoptime_store.property_histograms AS h
      GROUP BY ${PROPERTY_KEY} HAVING ${PROPERTY_SUMS.map((name) => `${name}_sum != 0`).join(' OR ')} ORDER BY ${PROPERTY_KEY}`,
  });
  const buckets = await store.rows<Row>({
    sql: `SELECT ${PROPERTY_KEY}, bucket, sum(in_bucket) AS n, sum(bucket_ms) AS ms FROM hoptime_store.property_histograms AS h
      ARRAY JOIN h.histogramMap.bucket AS bucket, h.histogramMap.count AS in_bucket, h.histogramMap.sum_ms AS bucket_ms
      GROUP BY ${PROPERTY_KEY}, bucket HAVING n != 0 OR ms != 0 ORDER BY ${PROPERTY_KEY}, bucket`,
  });
  const columns = ['journeys', ...SEGMENTS.flatMap((segment) => [`${segment}_count`, `${segment}_ms`])];
  const sums = await store.rows<Row>({
    sql: `SELECT ${SUM_KEY}, ${columns.map((name) => `sum(s.${name}) AS ${name}_sum`).join(', ')} FROM hoptime_store.property_sums AS s
      GROUP BY ${SUM_KEY} HAVING ${columns.map((name) => `${name}_sum != 0`).join(' OR ')} ORDER BY ${SUM_KEY}`,
  });
  return [...histograms, ...buckets, ...sums];
}

/** Hops after HES by MTA: how many, and how long mail stayed, each hop once; and journeys and delay by recipient domain and by reply. */
export async function byHand(store: Store): Promise<string[]> {
  const hops = await store.rows<{ mta: string; leg: string; at: string; known: number; ms: number }>({
    sql: `SELECT toString(mta) AS mta, hex(leg) AS leg, toString(toDate(first_event_at)) AS at, received >= 0 AND relayed >= 0 AS known, dwell AS ms FROM hoptime_store.journeys
      ARRAY JOIN hops.leg_id AS leg, hops.segment AS part, hops.mta AS mta, hops.received_ms AS received, hops.relayed_ms AS relayed, hops.dwell_ms AS dwell
      WHERE part = 'downstream'`,
  });
  const seen = new Map(hops.map((hop) => [`${hop.mta} ${hop.leg}`, hop]));
  const totals = new Map<string, [number, number]>();
  const add = (key: string, ms: number): void => {
    const [count, sum] = totals.get(key) ?? [0, 0];
    totals.set(key, [count + 1, sum + ms]);
  };
  for (const { mta, at, known, ms } of seen.values()) add(`mta ${mta} ${at}`, known ? Number(ms) : 0);
  const journeys = await store.rows<{ domain: string; replies: string[]; at: string; ms: number | null }>({
    sql: `SELECT toString(recipient_domain) AS domain, replies, toString(toDate(first_event_at)) AS at, total_ms AS ms FROM hoptime_store.journeys`,
  });
  for (const { domain, replies, at, ms } of journeys) {
    if (ms === null) continue;
    for (const value of [`recipient_domain ${domain}`, ...replies.map((reply) => `reply ${reply}`)])
      add(`${value} ${at}`, Number(ms));
  }
  return [...totals].map(([key, [count, sum]]) => `${key}: ${count} ${sum}`).sort();
}

/** The same as the rollups by property have it. */
export async function byRollup(store: Store): Promise<string[]> {
  const rows = await store.rows<{ key: string; n: number; ms: number }>({
    sql: `SELECT concat(toString(property), ' ', value, ' ', toString(toDate(begins))) AS key, sum(count) AS n, sum(sum_ms) AS ms FROM hoptime_store.property_histograms
      WHERE span = 'day' AND (property = 'mta' OR (property IN ('recipient_domain', 'reply') AND segment = 'total')) GROUP BY key HAVING n > 0`,
  });
  return rows.map(({ key, n, ms }) => `${key}: ${n} ${ms}`).sort();
}

export const sorted = (figures: Map<string, Figures>): [string, Figures][] =>
  [...figures].sort(([a], [b]) => (a < b ? -1 : 1));

/** What rollups are made of: a row per journey. */
export const counted = (store: Store): Promise<Row[]> =>
  store.rows<Row>({
    sql: `SELECT toUnixTimestamp(first_event_at) AS at, toString(direction) AS direction, state, via_hes, verdict, hes_ms AS hes, hes_processing_ms AS hes_processing,
      hes_waiting_ms AS hes_waiting, downstream_ms AS downstream, total_ms AS total FROM hoptime_store.journeys`,
  });

const DELAYS = SEGMENTS.flatMap((segment) => [`${segment}_count`, `${segment}_ms`]);

/** What the totals say of each day and value: journeys, and count and sum of each segment. */
export async function totals(store: Store): Promise<string[]> {
  const rows = await store.rows<Row>({
    sql: `SELECT concat(toString(property), ' ', value, ' ', toString(toDate(begins))) AS key, sum(t.journeys) AS n, ${DELAYS.map((name) => `sum(t.${name}) AS ${name}_sum`).join(', ')}
      FROM hoptime_store.property_totals AS t GROUP BY key HAVING n != 0 OR ${DELAYS.map((name) => `${name}_sum != 0`).join(' OR ')}`,
  });
  return rows.map(({ key, n, ...sums }) => `${key}: ${n} ${Object.values(sums).join(' ')}`).sort();
}

/** The same, added up here from the journeys. */
export async function totalsByHand(store: Store): Promise<string[]> {
  const journeys = await store.rows<Row & { replies: string[] }>({
    sql: `SELECT toString(toDate(first_event_at)) AS day, toString(recipient_domain) AS rd, toString(sender_domain) AS sd, replies, hes_ms AS hes, hes_processing_ms AS hes_processing,
      hes_waiting_ms AS hes_waiting, downstream_ms AS downstream, total_ms AS total FROM hoptime_store.journeys`,
  });
  const all = new Map<string, number[]>();
  for (const journey of journeys) {
    const known = SEGMENTS.flatMap((segment) => (journey[segment] === null ? [0, 0] : [1, Number(journey[segment])]));
    const replies = journey.replies.map((reply) => `reply ${reply}`);
    for (const value of ['all ', `recipient_domain ${journey.rd}`, `sender_domain ${journey.sd}`, ...replies]) {
      const key = `${value} ${journey.day}`;
      const before = all.get(key) ?? [];
      all.set(
        key,
        [1, ...known].map((number, i) => number + (before[i] ?? 0)),
      );
    }
  }
  return [...all].map(([key, numbers]) => `${key}: ${numbers.join(' ')}`).sort();
}
