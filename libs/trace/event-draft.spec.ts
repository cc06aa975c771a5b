import { DIRECTION, EventCollector, EventDraft, KIND, NUMBER, STATEMENT, TEXT, TIME_BASIS } from './event-draft';

describe('codes', () => {
  it('are the positions of the documented lists, which the store has as enums', () => {
    expect([KIND.opened, KIND.received, KIND.delivered, KIND.closed]).toEqual([0, 1, 4, 12]);
    expect([STATEMENT.client, STATEMENT['queue-active'], STATEMENT.noqueue, STATEMENT['delivered-to']]).toEqual([
      0, 3, 11, 15,
    ]);
    expect([DIRECTION.unknown, DIRECTION.in, DIRECTION.out, DIRECTION.internal]).toEqual([0, 1, 2, 3]);
    expect([TIME_BASIS.event, TIME_BASIS.record]).toEqual([0, 1]);
    expect([TEXT.mta, TEXT.transactionId, NUMBER.sizeBytes, NUMBER.transmitMs]).toEqual([0, 15, 0, 6]);
  });
});

describe('EventDraft', () => {
  const bare = { kind: 'opened', statement: 'client', eventTime: 5, timeResolutionMs: 1000, timeBasis: 'event' };

  it('leaves out what is unknown', () => {
    expect(new EventDraft().begin(KIND.opened, STATEMENT.client, 5, 1000).toEvent()).toEqual(bare);
  });

  it('takes text as bytes of a buffer and as a string', () => {
    const draft = new EventDraft().begin(KIND.opened, STATEMENT.client, 5, 1000);
    draft.bytes(TEXT.queueId, Buffer.from('postfix: 4F2: client'), 9, 12);
    draft.text(TEXT.sender, 'jörg@müller.example');
    draft.text(TEXT.peer, '');
    draft.text(TEXT.recipient, undefined);
    expect(draft.toEvent()).toEqual({ ...bare, queueId: '4F2', sender: 'jörg@müller.example' });
  });

  it('takes numbers; 0 is known, undefined is not', () => {
    const draft = new EventDraft().begin(KIND.opened, STATEMENT.client, 5, 1000);
    draft.number(NUMBER.delayMs, 0);
    draft.number(NUMBER.sizeBytes, 2 ** 40);
    draft.number(NUMBER.connectMs, undefined);
    expect(draft.toEvent()).toEqual({ ...bare, delayMs: 0, sizeBytes: 1_099_511_627_776 });
  });

  it('forgets everything when the next event begins', () => {
    const draft = new EventDraft().begin(KIND.relayed, STATEMENT.delivery, 1, 1);
    draft.text(TEXT.queueId, 'A');
    draft.number(NUMBER.delayMs, 7);
    draft.direction = DIRECTION.in;
    draft.timeBasis = TIME_BASIS.record;
    expect(draft.toEvent()).toEqual({
      kind: 'relayed',
      statement: 'delivery',
      eventTime: 1,
      timeResolutionMs: 1,
      timeBasis: 'record',
      direction: 'in',
      queueId: 'A',
      delayMs: 7,
    });
    expect(draft.begin(KIND.opened, STATEMENT.client, 5, 1000).toEvent()).toEqual(bare);
  });

  it('bytes that are no UTF-8 do not stop it', () => {
    const draft = new EventDraft().begin(KIND.opened, STATEMENT.client, 5, 1000);
    draft.bytes(TEXT.sender, Uint8Array.of(0x61, 0xff, 0x62), 0, 3);
    expect(draft.toEvent().sender).toBe('a\ufffdb');
  });
});

describe('EventCollector', () => {
  it('keeps what the draft said at the time', () => {
    const collector = new EventCollector();
    const buffer = Buffer.from('A');
    for (const id of ['A', 'B']) {
      buffer.write(id);
      collector.draft.begin(KIND.opened, STATEMENT.client, 5, 1).bytes(TEXT.queueId, buffer, 0, 1);
      collector.emit();
    }
    expect(collector.events.map((event) => event.queueId)).toEqual(['A', 'B']);
  });
});
