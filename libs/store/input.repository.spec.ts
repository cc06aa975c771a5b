import { InputRepository, type InputRow } from './input.repository';
import { openTemporaryStore, writeEvents, type TemporaryStore } from './temporary-store.fixture';

describe('InputRepository', () => {
  let own: TemporaryStore;
  let inputs: InputRepository;
  beforeAll(async () => {
    own = await openTemporaryStore();
    inputs = new InputRepository(own.store);
  });
  beforeEach(async () => {
    for (const table of ['inputs', 'trace_events', 'rejected_records']) {
      await own.store.command({ sql: `TRUNCATE TABLE hoptime_store.${table}` });
    }
  });
  afterAll(() => own.close());

  /** A number over 2^63, to which JSON numbers are not equal: 0xfedcba9876543210. */
  const BIG = '18364758544493064720';
  const input = (facts: Partial<InputRow> = {}): InputRow => ({
    inputId: BIG,
    path: '/var/log/mail.log',
    format: 'postfix',
    options: '{"timeZone":"Europe/Paris"}',
    state: 'read',
    correlated: true,
    records: 7,
    parsed: 4,
    skipped: 2,
    rejected: 1,
    events: 5,
    problem: '',
    ...facts,
  });

  it('gives back what was saved', async () => {
    const saved = input({ problem: `cut at 'x' \\ "y"\n`, state: 'reading', correlated: false });
    await inputs.save(saved);
    expect(await inputs.find()).toEqual([saved]);
  });

  it('the newest version of an input counts', async () => {
    await inputs.save(input({ state: 'reading', correlated: false, events: 0 }));
    await inputs.save(input({ events: 5 }));
    await inputs.save(input({ inputId: '2', path: '/a.log' }));
    expect((await inputs.find()).map(({ path, state, events }) => [path, state, events])).toEqual([
      ['/a.log', 'read', 5],
      ['/var/log/mail.log', 'read', 5],
    ]);
  });

  it.each<[string, string]>([
    ['path', '/var/log/mail.log'],
    ['decimal id', BIG],
    ['hexadecimal id', 'fedcba9876543210'],
    ['hexadecimal id in capitals', 'FEDCBA9876543210'],
  ])('is found by its %s', async (_what, target) => {
    await inputs.save(input());
    await inputs.save(input({ inputId: '255', path: '/var/log/mail.log.1' }));
    expect((await inputs.find(target)).map(({ inputId }) => inputId)).toEqual([BIG]);
  });

  it('a small id is found with its leading zeros', async () => {
    await inputs.save(input({ inputId: '255' }));
    expect(await inputs.find('00000000000000ff')).toHaveLength(1);
    expect(await inputs.find('ff')).toEqual([]);
  });

  it('is not found by a part of its name, nor by a text that would be SQL', async () => {
    await inputs.save(input());
    for (const target of ['mail.log', '/var/log/', "x' OR 1 = 1 --", '%'])
      expect(await inputs.find(target)).toEqual([]);
  });

  it('two inputs of one path are both found', async () => {
    await inputs.save(input({ inputId: '1' }));
    await inputs.save(input({ inputId: '2' }));
    expect((await inputs.find('/var/log/mail.log')).map(({ inputId }) => inputId)).toEqual(['1', '2']);
  });

  it('what is forgotten is not found, except by name while it is only half forgotten', async () => {
    await inputs.save(input({ state: 'forgotten', correlated: false }));
    expect(await inputs.find()).toEqual([]);
    expect(await inputs.find(BIG)).toHaveLength(1);
    expect(await inputs.halfForgotten()).toEqual([BIG]);
    await inputs.save(input({ state: 'forgotten', correlated: true }));
    expect(await inputs.find(BIG)).toEqual([]);
    expect(await inputs.halfForgotten()).toEqual([]);
  });

  it('knows whether journeys show everything', async () => {
    expect(await inputs.anyUncorrelated()).toBe(false);
    await inputs.save(input({ inputId: '1' }));
    expect(await inputs.anyUncorrelated()).toBe(false);
    await inputs.save(input({ correlated: false, problem: 'cut' }));
    expect(await inputs.anyUncorrelated()).toBe(true);
    await inputs.markCorrelated();
    expect(await inputs.anyUncorrelated()).toBe(false);
    expect(await inputs.find(BIG)).toEqual([input({ problem: 'cut' })]);
  });

  it('takes out the events and rejected records of an input, and of no other', async () => {
    const event = {
      kind: 'opened',
      statement: 'client',
      eventTime: 1_772_409_600_000,
      mta: 'mx1',
      queueId: 'Q',
    } as const;
    await writeEvents(own.store, [event], '1');
    await writeEvents(own.store, [event, { ...event, queueId: 'R' }], BIG);
    for (const id of ['1', BIG]) {
      await own.store.command(
        { sql: `INSERT INTO hoptime_store.rejected_records SELECT {id:UInt64}, 1, 1, 's', 'r', 't', now64(3, 'UTC')` },
        { id },
      );
    }
    const left = async (table: string): Promise<unknown> =>
      own.store.rows({
        sql: `SELECT toString(input_id) AS id, toUInt32(count()) AS n FROM hoptime_store.${table} GROUP BY id ORDER BY id`,
      });
    await inputs.removeEvents([]);
    expect(await left('trace_events')).toEqual([
      { id: '1', n: 1 },
      { id: BIG, n: 2 },
    ]);
    await inputs.removeEvents([BIG]);
    expect(await left('trace_events')).toEqual([{ id: '1', n: 1 }]);
    expect(await left('rejected_records')).toEqual([{ id: '1', n: 1 }]);
  });
});
