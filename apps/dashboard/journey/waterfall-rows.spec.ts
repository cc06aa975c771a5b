import type { Hop, JourneyEvent } from '../../../libs/delay/journey';
import { waterfall } from './waterfall-rows';

const NOTHING = {
  message_id: 'a@b.example',
  recipient: 'c@d.example',
  original_recipient: null,
  sender: null,
  direction: null,
  state: 'complete',
  via_hes: 'yes',
  verdict: null,
  hes_received_at: null,
  hes_first_attempt_at: null,
  hes_released_at: null,
  released_by: null,
  delivered_at: null,
  hes_ms: null,
  hes_processing_ms: null,
  hes_waiting_ms: null,
  hes_quarantine_ms: null,
  downstream_ms: null,
  total_ms: null,
  upstream_ms: null,
  hop_count: null,
  slowest_hop_mta: null,
  slowest_hop_ms: null,
  deferrals: null,
  clock_correction_ms: null,
  matched_by: null,
  hops: [],
  upstream_hops: [],
  events: [],
};

const hop = (mta: string, received_at: string | null, relayed_at: string | null): Hop => ({
  segment: 'downstream',
  mta,
  product: 'postfix',
  queue_id: `Q${mta}`,
  received_at,
  relayed_at,
  dwell_ms: null,
  transfer_ms: null,
  deferrals: null,
  outcome: null,
  next_mta: null,
  next_queue_id: null,
  reported_delay_ms: null,
  parts_ms: null,
  smtp_reply: null,
});

const refusal = (mta: string, event_time: string, smtp_reply: string, file = 'f'): JourneyEvent => ({
  event_time,
  kind: 'deferred',
  statement: null,
  mta,
  product: null,
  queue_id: mta === 'hes' ? null : `Q${mta}`,
  recipient: null,
  next_mta: null,
  next_queue_id: null,
  smtp_reply,
  delay_ms: null,
  file,
  line: 1,
});

describe('the waterfall of a journey', () => {
  it('splits HES at its first attempt and places each hop and each deferral on one axis', () => {
    const picture = waterfall({
      ...NOTHING,
      hes_received_at: '2026-03-02T10:00:00.000Z',
      hes_first_attempt_at: '2026-03-02T10:01:00.000Z',
      hes_released_at: '2026-03-02T10:05:00.000Z',
      hes_ms: 300_000,
      hops: [hop('mx1', '2026-03-02T10:05:00.000Z', '2026-03-02T10:10:00.000Z')],
      events: [
        refusal('hes', '2026-03-02T10:01:00.000Z', '451 later'),
        refusal('hes', '2026-03-02T10:01:00.000Z', '451 later', 'the same in another file'),
        refusal('mx1', '2026-03-02T10:01:00.000Z', '450 greylisted'),
        refusal('mx1', '2026-03-02T10:07:30.000Z', '452 full'),
      ],
    });
    expect(picture?.from).toBe('2026-03-02T10:00:00.000Z');
    expect(picture?.to).toBe('2026-03-02T10:10:00.000Z');
    const [hes, mx1] = picture?.rows ?? [];
    expect(hes.stretches).toEqual([
      { kind: 'hes_processing', from: 0, to: 0.1 },
      { kind: 'hes_waiting', from: 0.1, to: 0.5 },
    ]);
    expect(hes.marks.map(({ at, reply }) => [at, reply])).toEqual([
      [0.1, '451 later'],
      [0.1, '450 greylisted'],
    ]);
    expect(mx1.stretches).toEqual([{ kind: 'downstream', from: 0.5, to: 1 }]);
    expect(mx1.marks.map(({ at, reply }) => [at, reply])).toEqual([[0.75, '452 full']]);
  });

  it('shows a hop whose end is not known without a bar, and nothing where no two moments are known', () => {
    const inFlight = waterfall({
      ...NOTHING,
      hes_received_at: '2026-03-02T10:00:00.000Z',
      hes_released_at: '2026-03-02T10:00:04.000Z',
      hops: [hop('mx1', '2026-03-02T10:00:05.000Z', null)],
    });
    expect(inFlight?.rows.map(({ name, stretches }) => [name, stretches.length])).toEqual([
      ['HES', 1],
      ['mx1', 0],
    ]);
    expect(waterfall(NOTHING)).toBeNull();
  });

  it('leaves HES out of the picture of a mail that did not pass it, and keeps its deferrals at the hop', () => {
    const picture = waterfall({
      ...NOTHING,
      via_hes: 'no',
      hops: [hop('mx1', '2026-03-02T10:00:00.000Z', '2026-03-02T10:00:10.000Z')],
      events: [refusal('mx1', '2026-03-02T10:00:05.000Z', '450 wait')],
    });
    expect(picture?.rows.map(({ name, marks }) => [name, marks.length])).toEqual([['mx1', 1]]);
  });
});
