import { InputRepository } from './input.repository';
import { RejectedRecordBlocks } from './rejected-record.blocks';
import { insertRejectedRecords } from './rejected-record.writer';
import { openTemporaryStore, type TemporaryStore } from './temporary-store.fixture';

const OF = { inputId: '255', source: 'postfix' };

describe('rejected records', () => {
  let own: TemporaryStore;
  beforeAll(async () => (own = await openTemporaryStore()));
  beforeEach(() => own.store.command({ sql: 'TRUNCATE TABLE hoptime_store.rejected_records' }));
  afterAll(() => own.close());

  const kept = (columns: string): Promise<unknown[]> =>
    own.store.rows({ sql: `SELECT ${columns} FROM hoptime.rejected_records ORDER BY line` });
  const writer = (): RejectedRecordBlocks =>
    new RejectedRecordBlocks((block) => insertRejectedRecords(own.store, block));

  it('keeps line, reason and the bytes of the record, and the file by its input', async () => {
    const counts = { records: 2, parsed: 0, skipped: 0, rejected: 2, events: 0 };
    const input = {
      inputId: '255',
      path: '/var/log/mail.log',
      format: 'postfix',
      options: '{}',
      state: 'read',
      correlated: true,
    } as const;
    await new InputRepository(own.store).save({ ...input, ...counts, problem: '' });
    const rejects = writer();
    const bytes = Buffer.from([0x41, 0xff, 0x00, 0x0a]);
    rejects.add({ ...OF, line: 3, reason: 'no stamp: ü', text: bytes });
    bytes.fill(0);
    rejects.add({ ...OF, line: 4_294_967_295, reason: '', text: Buffer.from('') });
    await rejects.finish();
    expect(await kept('input_id, file, line, source, reason, hex(text) AS text')).toEqual([
      {
        input_id: '00000000000000ff',
        file: '/var/log/mail.log',
        line: 3,
        source: 'postfix',
        reason: 'no stamp: ü',
        text: '41FF000A',
      },
      {
        input_id: '00000000000000ff',
        file: '/var/log/mail.log',
        line: 4_294_967_295,
        source: 'postfix',
        reason: '',
        text: '',
      },
    ]);
  });

  it.each([
    [127, 127],
    [128, 128],
    [65_536, 65_536],
    [65_537, 65_536],
    [3_000_000, 65_536],
  ])('of %i bytes it keeps %i', async (size, length) => {
    const rejects = writer();
    rejects.add({ ...OF, line: 1, reason: 'r'.repeat(200), text: Buffer.alloc(size, 'x') });
    rejects.add({ ...OF, line: 2, reason: 'next', text: Buffer.from('y') });
    await rejects.finish();
    expect(await kept('toUInt32(length(text)) AS size, toUInt32(length(reason)) AS reason')).toEqual([
      { size: length, reason: 200 },
      { size: 1, reason: 4 },
    ]);
  });

  it('a file that is read twice gives its rejected records once', async () => {
    for (let reading = 0; reading < 2; reading++) {
      const rejects = writer();
      rejects.add({ ...OF, line: 1, reason: 'no stamp', text: Buffer.from('one') });
      rejects.add({ ...OF, line: 1, reason: 'no stamp', text: Buffer.from('another part of the same line') });
      await rejects.finish();
      await rejects.finish();
    }
    expect(await kept('text')).toHaveLength(2);
  });

  it('hands over when it has collected much, and waits before', async () => {
    const rejects = writer();
    const count = async (): Promise<number> => (await kept('line')).length;
    for (let line = 1; line <= 60; line++) rejects.add({ ...OF, line, reason: 'r', text: Buffer.alloc(65_536, 'x') });
    await rejects.handOver();
    expect(await count()).toBe(0);
    for (let line = 61; line <= 64; line++) rejects.add({ ...OF, line, reason: 'r', text: Buffer.alloc(65_536, 'x') });
    await rejects.handOver();
    expect(await count()).toBe(64);
  });
});
