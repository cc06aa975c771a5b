/** What every client is asked, and what it must say: journeys of the stories, whose README.md computes the numbers by hand. */

/** The stories in the store: seven journeys. */
export const STORIES = ['plain-hes-mx1-mbx1', 'in-flight', 'not-via-hes'];

export type JourneyRow = readonly [
  messageId: string,
  state: string,
  verdict: string | null,
  hesMs: number | null,
  receivedAt: string | null,
  deliveredAt: string | null,
  hops: number,
];

const SECOND_OF_MARCH = '2026-03-02T';
const at = (time: string): string => `${SECOND_OF_MARCH}${time}`;

export const JOURNEYS: readonly JourneyRow[] = [
  ['20260302101000.8104AB0002@mx1.corp.example', 'complete', 'not_via_hes', null, null, at('10:10:02.300'), 1],
  ['direct-1@elsewhere.example', 'complete', 'not_via_hes', null, null, at('10:02:02.350'), 2],
  ['flight-1@partner.example', 'in_flight', null, null, at('10:00:00.000'), null, 0],
  ['flight-2@partner.example', 'in_flight', null, null, at('10:10:00.000'), null, 0],
  ['flight-3@partner.example', 'in_flight', null, 4000, at('10:20:00.000'), null, 1],
  ['flight-4@partner.example', 'in_flight', null, 5000, at('10:30:00.000'), null, 2],
  ['plain-1@partner.example', 'complete', 'none', 4000, at('10:00:00.000'), at('10:00:05.955'), 2],
];

/** Text that is hard to carry: quotes, backslash, tab, line break, letters outside ASCII. */
export const HARD_TEXT = 'it\'s a \\ "back\\nslash"\tand\na line, ä✓';

export const PARAMETERS = { text: HARD_TEXT, none: null, list: ["it's", 'a\\b', 'ä'], id: '18446744073709551615' };

export const STATEMENTS = {
  journeys: `SELECT message_id, state, verdict, hes_ms, hes_received_at, delivered_at, hop_count FROM journeys ORDER BY message_id`,
  /** one row: extremes and types that a view or an ordinary expression yields */
  types: `SELECT toUInt64(18446744073709551615) AS u64, toInt64(-9223372036854775808) AS i64, [1, 2, 3]::Array(UInt8) AS numbers,
    ['it\\'s', 'back\\\\slash', ''] AS texts, CAST('complete', 'Enum8(\\'complete\\' = 1, \\'in_flight\\' = 2)') AS state,
    toLowCardinality('mx1') AS mta, CAST(NULL, 'LowCardinality(Nullable(String))') AS no_mta,
    CAST(NULL, 'Nullable(DateTime64(3, \\'UTC\\'))') AS never, toDateTime64('2026-03-02 10:00:05.955', 3, 'UTC') AS at,
    [1, NULL]::Array(Nullable(Int64)) AS gaps, (1, 'x')::Tuple(UInt8, String) AS pair, toDecimal64('12.345', 3) AS amount,
    toUUID('6f1c2b3a-0000-4000-8000-0123456789ab') AS id, 0.1 AS tenth, true AS yes, toDate('2026-03-02') AS day`,
  echo: `SELECT {text:String} AS text, {none:Nullable(String)} AS none, {list:Array(String)} AS list, {id:UInt64} AS id`,
  empty: `SELECT message_id, hes_ms FROM journeys WHERE state = 'no such state'`,
  /** 300,000 rows, whose sum is 299,999 · 300,000 / 2 */
  many: 'SELECT number, toString(number) AS text FROM numbers(300000)',
  'by state': 'SELECT state, count() AS journeys, max(hes_ms) AS longest FROM journeys GROUP BY state ORDER BY state',
};

export const MANY = { rows: 300_000, sum: 44_999_850_000 };
export const BY_STATE: readonly (readonly [string, number, number])[] = [
  ['complete', 3, 4000],
  ['in_flight', 4, 5000],
];
