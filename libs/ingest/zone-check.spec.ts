import { EventDraft, KIND, STATEMENT, TEXT } from '../trace/event-draft';
import { ZoneCheck } from './zone-check';

/** 4fPJw00sf8z2Jh was created at 2026-03-02T00:00:00.123Z (libs/trace/queue-id.spec.ts). */
const CREATED = Date.UTC(2026, 2, 2, 0, 0, 0, 123);
const MINUTE = 60_000;

interface Opened {
  offset: number;
  queueId?: string;
  kind?: number;
  statement?: number;
}

function warningOf(opened: Opened[]): string | undefined {
  const check = new ZoneCheck();
  const draft = new EventDraft();
  for (const { offset, queueId = '4fPJw00sf8z2Jh', kind = KIND.opened, statement = STATEMENT.client } of opened) {
    draft.begin(kind, statement, CREATED + offset, 1000);
    draft.text(TEXT.queueId, queueId);
    check.see(draft);
  }
  return check.warning();
}

const times = (count: number, opened: Opened): Opened[] => Array.from({ length: count }, () => opened);
const ADVICE =
  'the zone is probably wrong. Undo it with `hoptime forget FILE`, then read the file again with `--timezone ZONE`';

describe('ZoneCheck', () => {
  it.each([
    ['an hour late', 60 * MINUTE, `stamps are 1 h after the time inside the queue ids: ${ADVICE}`],
    ['ten hours late', 600 * MINUTE, `stamps are 10 h after the time inside the queue ids: ${ADVICE}`],
    ['five and a half hours early', -330 * MINUTE, `stamps are 5.5 h before the time inside the queue ids: ${ADVICE}`],
    [
      'a quarter of an hour, the smallest step of a zone',
      15 * MINUTE,
      `stamps are 0.25 h after the time inside the queue ids: ${ADVICE}`,
    ],
    ['a slow client', 14 * MINUTE - 1, undefined],
    ['right', 0, undefined],
  ])('%s', (_what, offset, warning) => expect(warningOf(times(3, { offset }))).toBe(warning));

  it('two ids are too few', () => expect(warningOf(times(2, { offset: 60 * MINUTE }))).toBeUndefined());

  it('the median decides: a few slow clients do not', () => {
    const late = { offset: 60 * MINUTE };
    expect(warningOf([...times(2, late), ...times(3, { offset: 0 })])).toBeUndefined();
    expect(warningOf([...times(3, late), ...times(2, { offset: 0 })])).toMatch(/^stamps are 1 h after/);
  });

  it('the first two hundred decide', () => {
    const right = times(200, { offset: 0 });
    expect(warningOf([...right, ...times(500, { offset: 60 * MINUTE })])).toBeUndefined();
  });

  it.each<[string, Partial<Opened>]>([
    ['short queue ids', { queueId: '39A6C1773' }],
    ['long text that is no queue id', { queueId: '1vnK2E-00000002Cfc-2ahs' }],
    ['later events of a queue id', { kind: KIND.relayed, statement: STATEMENT.delivery }],
    ['message-id, which follows DATA', { statement: STATEMENT['message-id'] }],
  ])('%s say nothing', (_what, facts) => {
    expect(warningOf(times(9, { offset: 60 * MINUTE, ...facts }))).toBeUndefined();
  });

  it('pickup does', () => {
    expect(warningOf(times(3, { offset: 60 * MINUTE, statement: STATEMENT.pickup }))).toMatch(/^stamps are 1 h/);
  });

  it.each([
    ['exim', '1xVYrT-0000He-2g', Date.UTC(2026, 10, 23, 18, 33, 55)],
    ['sendmail', '6ANIvB1V000974', Date.UTC(2026, 10, 23, 18, 57, 11)],
  ])('reads the ids of %s at their arrival lines', (product, queueId, created) => {
    const warningAfter = (ms: number, kind: number): string | undefined => {
      const check = new ZoneCheck();
      const draft = new EventDraft();
      for (let i = 0; i < 3; i++) {
        draft.begin(kind, STATEMENT['queue-active'], created + ms, 1000);
        draft.text(TEXT.queueId, queueId);
        draft.text(TEXT.product, product);
        check.see(draft);
      }
      return check.warning();
    };
    expect(warningAfter(60 * MINUTE, KIND.received)).toBe(
      `stamps are 1 h after the time inside the queue ids: ${ADVICE}`,
    );
    expect(warningAfter(2000, KIND.received)).toBeUndefined();
    expect(warningAfter(60 * MINUTE, KIND.deferred)).toBeUndefined();
  });
});
