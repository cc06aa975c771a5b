import { type Hop, type JourneyEvent, type JourneyWithHops } from './journey';
import { JOURNEY_FORMATS, listJourneys, type JourneyFormat } from './journey-list';
import { type JourneyAccount } from './journey.service';
import { journeyText } from './journey-text';
import { explainVerdict } from './verdict';

const hop = (mta: string, queue_id: string, received: string, dwell_ms: number, more: Partial<Hop> = {}): Hop => ({
  segment: 'downstream',
  mta,
  product: 'postfix',
  queue_id,
  received_at: `2026-03-02T${received}Z`,
  relayed_at: null,
  dwell_ms,
  transfer_ms: 0,
  deferrals: 0,
  outcome: 'relayed',
  next_mta: null,
  next_queue_id: null,
  reported_delay_ms: null,
  parts_ms: null,
  smtp_reply: null,
  ...more,
});

const event = (
  time: string,
  mta: string,
  kind: string,
  file: string,
  line: number,
  smtp_reply: string | null = null,
): JourneyEvent => ({
  event_time: `2026-03-02T${time}Z`,
  kind,
  statement: null,
  mta,
  product: null,
  queue_id: null,
  recipient: null,
  next_mta: null,
  next_queue_id: null,
  smtp_reply,
  delay_ms: null,
  file,
  line,
});

const GREYLISTED: JourneyWithHops = {
  message_id: 'grey-1@partner.example',
  recipient: 'alice@corp.example',
  original_recipient: 'sales@corp.example',
  sender: 'bob@partner.example',
  direction: 'in',
  state: 'complete',
  via_hes: 'yes',
  verdict: 'hes_waiting_on_downstream',
  hes_received_at: '2026-03-02T10:00:00.000Z',
  hes_first_attempt_at: '2026-03-02T10:00:10.000Z',
  hes_released_at: '2026-03-02T10:01:30.000Z',
  released_by: 'tracking',
  delivered_at: '2026-03-02T10:01:40.000Z',
  hes_ms: 90_000,
  hes_processing_ms: 10_000,
  hes_waiting_ms: 80_000,
  hes_quarantine_ms: null,
  downstream_ms: 10_000,
  total_ms: 100_000,
  upstream_ms: null,
  hop_count: 1,
  slowest_hop_mta: 'mx1',
  slowest_hop_ms: 10_000,
  deferrals: 0,
  clock_correction_ms: null,
  matched_by: 'message_id',
  hops: [
    hop('mx1', 'Q1', '10:01:30.000', 10_000, {
      outcome: 'delivered',
      next_mta: 'mbx1',
      smtp_reply: '250 2.0.0 Ok: queued\u001b[31m',
    }),
  ],
};

const events = [
  event('10:00:00.000', 'hes', 'received', 'hes.json', 1),
  event('10:00:10.000', 'mx1', 'rejected', 'mx1/mail.log', 7, '450 4.2.0 Greylisted'),
];
const account: JourneyAccount = {
  ...GREYLISTED,
  journey_id: '00000000000000a1',
  upstream_hops: [],
  events,
  explanation: explainVerdict(GREYLISTED, GREYLISTED.hops, events),
};

describe('journeyText', () => {
  it('tells verdict, advice, waterfall and evidence', () => {
    expect(journeyText(account)).toBe(`message  grey-1@partner.example
from     bob@partner.example
to       alice@corp.example (HES saw sales@corp.example)
state    complete, delivered 2026-03-02 10:01:40.000 UTC
took     1 min 40 s = held by HES 1 min 30 s + after HES 10.0 s
verdict  HES waited for the next MTA (step 2 of the KB)
         HES was ready after 10.0 s and then waited 1 min 20 s, because mx1 refused or deferred the mail: "450 4.2.0 Greylisted".
do       Let mx1 accept the HES address ranges at once: exempt them from greylisting, rate limits and block lists.

hop          from (UTC)                     held  transfer  0 … 1 min 40 s
───────────  ───────────────────────  ──────────  ────────  ────────────────────────────────────────
HES          2026-03-02 10:00:00.000      10.0 s            ████
HES waiting  2026-03-02 10:00:10.000  1 min 20 s                ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
mx1 Q1       2026-03-02 10:01:30.000      10.0 s      0 ms                                      ▓▓▓▓

mx1 delivered to mbx1: 250 2.0.0 Ok: queued?[31m

event (UTC)              MTA  what      queue id  reply                 file:line
───────────────────────  ───  ────────  ────────  ────────────────────  ──────────────
2026-03-02 10:00:00.000  hes  received                                  hes.json:1
2026-03-02 10:00:10.000  mx1  rejected            450 4.2.0 Greylisted  mx1/mail.log:7
`);
  });

  it('stands what is not known', () => {
    const nothing = Object.fromEntries(
      Object.keys(GREYLISTED).map((name) => [name, null]),
    ) as unknown as JourneyAccount;
    const text = journeyText({ ...account, ...nothing, hops: [], events: [] });
    expect(text.split('\n').slice(0, 5)).toEqual([
      'message  –',
      'from     –',
      'to       –',
      'state    –',
      'took     – = held by HES – + after HES –',
    ]);
  });
});

describe('listJourneys', () => {
  const list = async (format: JourneyFormat, count: number): Promise<string> => {
    let text = '';
    const journeys = async function* () {
      for (let i = 0; i < count; i++) yield GREYLISTED;
    };
    for await (const piece of listJourneys(journeys(), format)) text += piece;
    return text;
  };

  it('is one JSON document for none, one and two journeys', async () => {
    for (const count of [0, 1, 2])
      expect(JSON.parse(await list('json', count))).toEqual(Array<unknown>(count).fill(GREYLISTED));
  });

  it('is one JSON document per line', async () => {
    const lines = (await list('ndjson', 2)).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([GREYLISTED, GREYLISTED]);
    expect(await list('ndjson', 0)).toBe('');
  });

  it('has the columns of interfaces.md §3 as CSV, in this order', async () => {
    expect(await list('csv', 1)).toBe(
      'message_id,recipient,original_recipient,sender,direction,state,via_hes,verdict,hes_received_at,hes_first_attempt_at,' +
        'hes_released_at,released_by,delivered_at,hes_ms,hes_processing_ms,hes_waiting_ms,hes_quarantine_ms,downstream_ms,total_ms,' +
        'upstream_ms,hop_count,slowest_hop_mta,slowest_hop_ms,deferrals,clock_correction_ms,matched_by\r\n' +
        'grey-1@partner.example,alice@corp.example,sales@corp.example,bob@partner.example,in,complete,yes,hes_waiting_on_downstream,' +
        '2026-03-02T10:00:00.000Z,2026-03-02T10:00:10.000Z,2026-03-02T10:01:30.000Z,tracking,2026-03-02T10:01:40.000Z,' +
        '90000,10000,80000,,10000,100000,,1,mx1,10000,0,,message_id\r\n',
    );
  });

  it('is a table for people', async () => {
    expect(await list('table', 1)).toBe(
      `first seen (UTC)     message id              recipient           state     held by HES  after HES       total  why late
───────────────────  ──────────────────────  ──────────────────  ────────  ───────────  ─────────  ──────────  ───────────────────────────
2026-03-02 10:00:00  grey-1@partner.example  alice@corp.example  complete   1 min 30 s     10.0 s  1 min 40 s  HES waited for the next MTA
`,
    );
    expect(await list('table', 0)).toBe('No journey matches.\n');
  });

  it('knows no other format', () => expect(JOURNEY_FORMATS).toEqual(['table', 'json', 'ndjson', 'csv']));
});
