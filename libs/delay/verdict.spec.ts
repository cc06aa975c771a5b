import { type Hop, type JourneyEvent } from './journey';
import { explainVerdict, verdictText } from './verdict';

const journey = {
  state: 'complete',
  via_hes: 'yes',
  verdict: 'none',
  hes_ms: 4000,
  hes_processing_ms: 4000,
  hes_waiting_ms: 0,
  hes_released_at: '2026-03-02T10:00:04.000Z',
  downstream_ms: 1955,
  upstream_ms: null,
  total_ms: 5955,
};

const hop: Hop = {
  segment: 'downstream',
  mta: 'mx1.corp.example',
  product: 'postfix',
  queue_id: '4fPZDN0mgNz8xQ',
  received_at: '2026-03-02T10:00:04.250Z',
  relayed_at: '2026-03-02T10:00:05.650Z',
  dwell_ms: 1400,
  transfer_ms: 250,
  deferrals: 0,
  outcome: 'relayed',
  next_mta: 'mbx1.corp.example',
  next_queue_id: null,
  reported_delay_ms: 1600,
  parts_ms: null,
  smtp_reply: '250 2.0.0 Ok',
};

const refusal: JourneyEvent = {
  event_time: '2026-03-02T10:00:03.000Z',
  kind: 'rejected',
  statement: 'noqueue',
  mta: 'mx1.corp.example',
  product: 'postfix',
  queue_id: null,
  recipient: 'alice@corp.example',
  next_mta: null,
  next_queue_id: null,
  smtp_reply: '450 4.2.0 Greylisted',
  delay_ms: null,
  file: 'mx1/mail.log',
  line: 7,
};

describe('explainVerdict', () => {
  it('says nothing is to be done about mail that was not late', () => {
    expect(explainVerdict(journey, [hop], [])).toEqual({
      kb_step: 4,
      finding: 'Not late: HES held it 4.0 s, the hops after HES took 2.0 s.',
      advice: null,
    });
  });

  it('sends a delay of HES itself to Trend Micro', () => {
    const late = { ...journey, verdict: 'hes_processing', hes_processing_ms: 500_000 };
    const { kb_step, finding, advice } = explainVerdict(late, [hop], []);
    expect(kb_step).toBe(4);
    expect(finding).toBe('HES itself held the mail 8 min 20 s (scanning, sandbox, policy or quarantine).');
    expect(advice).toContain('MSG or EML');
  });

  it('quotes the refusal that made HES wait, and not a later one', () => {
    const late = {
      ...journey,
      verdict: 'hes_waiting_on_downstream',
      hes_processing_ms: 2000,
      hes_waiting_ms: 1_860_000,
    };
    const later = { ...refusal, event_time: '2026-03-02T10:00:05.000Z', smtp_reply: '451 too late' };
    expect(explainVerdict(late, [hop], [later, refusal])).toEqual({
      kb_step: 2,
      finding:
        'HES was ready after 2.0 s and then waited 31 min 0 s, because mx1.corp.example refused or deferred the mail: "450 4.2.0 Greylisted".',
      advice:
        'Let mx1.corp.example accept the HES address ranges at once: exempt them from greylisting, rate limits and block lists.',
    });
  });

  it('names the MTA after HES and the part of its delay', () => {
    const slow = {
      ...hop,
      dwell_ms: 900_000,
      parts_ms: { before_queue: 10, in_queue: 890_000, connect: null, transmit: 5000 },
    };
    const late = { ...journey, verdict: 'downstream:mx1.corp.example', downstream_ms: 900_500 };
    expect(explainVerdict(late, [hop, slow], [])).toEqual({
      kb_step: 5,
      finding:
        'After HES the mail took 15 min 1 s, and mx1.corp.example alone held it 15 min 0 s, 14 min 50 s of it in its queue.',
      advice: 'HES did its part in 4.0 s. At mx1.corp.example: look at its queue length and its delivery concurrency.',
    });
  });

  it('goes by the reply, not by the parts, when the mail was deferred', () => {
    const parts_ms = { before_queue: 890_000, in_queue: 10, connect: 10, transmit: 100 };
    const slow = { ...hop, dwell_ms: 900_000, deferrals: 2, parts_ms };
    const late = { ...journey, verdict: 'downstream:mx1.corp.example', downstream_ms: 900_500 };
    const deferral = { ...refusal, kind: 'deferred', queue_id: hop.queue_id };
    const events = [
      { ...deferral, smtp_reply: '451 4.3.0 First' },
      { ...deferral, smtp_reply: '452 4.3.1 Insufficient storage' },
      { ...deferral, smtp_reply: '451 4.3.0 Another queue id', queue_id: 'OTHER' },
    ];
    expect(explainVerdict(late, [slow], events)).toEqual({
      kb_step: 5,
      finding:
        'After HES the mail took 15 min 1 s, and mx1.corp.example alone held it 15 min 0 s after 2 deferrals, the last because of "452 4.3.1 Insufficient storage".',
      advice:
        'HES did its part in 4.0 s. At mx1.corp.example: look at what mbx1.corp.example objected to, and at how long this MTA waits before it tries again.',
    });
  });

  it('says so when the time passed between two hops and not in any of them', () => {
    const late = { ...journey, verdict: 'downstream:mx1.corp.example', downstream_ms: 80_000_000 };
    const gap = { ...hop, dwell_ms: 700, transfer_ms: 79_000_000 };
    expect(explainVerdict(late, [hop, gap], [])).toEqual({
      kb_step: 5,
      finding:
        'After HES the mail took 22 h 13 min, of which 21 h 57 min passed before mx1.corp.example took it and stand in no log.',
      advice: 'Ingest the log of what hands mail to mx1.corp.example, and compare the clocks of the hosts.',
    });
  });

  it.each([
    ['upstream', null, 'late before it reached HES'],
    ['not_via_hes', 3, 'did not pass HES'],
  ])('explains %s', (verdict, step, words) => {
    const { kb_step, finding } = explainVerdict({ ...journey, verdict, upstream_ms: 90_000 }, [], []);
    expect(kb_step).toBe(step);
    expect(finding).toContain(words);
  });

  it('says why there is no verdict', () => {
    const bounced = explainVerdict({ ...journey, verdict: null, state: 'bounced' }, [], []);
    expect(bounced.finding).toBe('The mail was returned to its sender, so there is no verdict on its delay.');
    const missing = explainVerdict(
      { ...journey, verdict: null, via_hes: 'unknown', hes_ms: null, downstream_ms: null },
      [],
      [],
    );
    expect(missing.finding).toBe(
      'Not decided: the logs do not say whether it passed HES, nor how long HES held it, nor how long the hops after HES took.',
    );
  });
});

it('has short words for tables', () => {
  expect([null, 'none', 'downstream:mx1', 'hes_processing'].map(verdictText)).toEqual([
    '–',
    'not late',
    'slow at mx1',
    'HES itself',
  ]);
});
