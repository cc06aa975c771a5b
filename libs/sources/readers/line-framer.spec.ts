import { inputFile, readAll, temporaryFolder } from './readers.fixture';

const folder = temporaryFolder(afterAll);
const lines = async (content: string | Uint8Array, chunkBytes?: number) =>
  (await readAll(inputFile(folder, 'lines.log', content), 'lines', { chunkBytes })).records;

describe('lines', () => {
  it('are physical lines with LF, CR LF or no end, and their numbers', async () => {
    expect(await lines('one\ntwo\r\n\nfour\0\rx\nlast')).toEqual([
      { text: 'one', line: 1 },
      { text: 'two', line: 2 },
      { text: '', line: 3 },
      { text: 'four\0\rx', line: 4 },
      { text: 'last', line: 5 },
    ]);
  });

  it('of an empty file are none', async () => {
    expect(await lines('')).toEqual([]);
  });

  it('are the same wherever chunks are cut', async () => {
    const text = 'Mar  2 mx1: ä\r\nb\r\n\r\n\ncc\0c\nd\r';
    const expected = ['Mar  2 mx1: ä', 'b', '', '', 'cc\0c', 'd'].map((line, index) => ({
      text: line,
      line: index + 1,
    }));
    for (let chunkBytes = 1; chunkBytes <= Buffer.byteLength(text) + 1; chunkBytes++) {
      expect(await lines(text, chunkBytes)).toEqual(expected);
    }
  });

  it.each([1000, 65536, 1048576, 4194304])(
    'over 1 MiB are cut and marked, those beside them are whole (chunks of %d bytes)',
    async (chunkBytes) => {
      const long = 'x'.repeat(3 * 1048576);
      expect(await lines(`before\n${long}\r\nafter\n${long}`, chunkBytes)).toEqual([
        { text: 'before', line: 1 },
        { text: 'x'.repeat(65536), line: 2, problem: 'line longer than 1 MiB' },
        { text: 'after', line: 3 },
        { text: 'x'.repeat(65536), line: 4, problem: 'line longer than 1 MiB' },
      ]);
    },
  );

  it.each([65536, 4194304])(
    'of exactly 1 MiB are whole, of one byte more are not (chunks of %d bytes)',
    async (chunkBytes) => {
      const limit = 'y'.repeat(1048576);
      const seen = await lines(`${limit}\r\n${limit}z\r\n${limit}\n`, chunkBytes);
      expect(seen.map((record) => [record.text.length, record.problem])).toEqual([
        [1048576, undefined],
        [65536, 'line longer than 1 MiB'],
        [1048576, undefined],
      ]);
    },
  );

  it('of 100 MB do not grow memory', async () => {
    const file = inputFile(folder, 'huge.log', Buffer.alloc(100_000_000, 0x61));
    const before = process.memoryUsage();
    let peak = 0;
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().arrayBuffers)), 1);
    const { records } = await readAll(file, 'lines');
    clearInterval(timer);
    expect(records.map((record) => record.text.length)).toEqual([65536]);
    expect(peak - before.arrayBuffers).toBeLessThan(32 * 1048576);
  });
});
