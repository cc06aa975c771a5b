import { readRecords } from './read-records';
import { inputFile, readAll, temporaryFolder } from './readers.fixture';

const folder = temporaryFolder(afterAll);
const rows = async (content: string | Uint8Array, chunkBytes?: number) =>
  (await readAll(inputFile(folder, 'rows.csv', content), 'csv', { chunkBytes })).records;

describe('csv', () => {
  it('gives rows with names, values and the physical line on which they begin', async () => {
    const text =
      '\ufeff# exported\r\n"Time", Subject ,To\r\n1,"a, ""b""\r\nc",x\r\n\r\n2,plain "quoted" text,\r\n3,"",y';
    expect(await rows(text)).toEqual([
      { text: '1,"a, ""b""\r\nc",x', line: 3, fields: { Time: '1', Subject: 'a, "b"\r\nc', To: 'x' } },
      { text: '2,plain "quoted" text,', line: 6, fields: { Time: '2', Subject: 'plain "quoted" text', To: '' } },
      { text: '3,"",y', line: 7, fields: { Time: '3', Subject: '', To: 'y' } },
    ]);
  });

  it.each([
    ['a;b,c;d\n1;2;3\n', { a: '1', 'b,c': '2', d: '3' }],
    ['a\tb\n1,5\t2\n', { a: '1,5', b: '2' }],
    ['"a;a;a",b\n1,2\n', { 'a;a;a': '1', b: '2' }],
    ['sep=;\na;b\n1;2\n', { a: '1', b: '2' }],
    ['sep=|\na|b\n1|2\n', { a: '1', b: '2' }],
    ['only\nvalue\n', { only: 'value' }],
  ])('takes the delimiter from the header row: %j', async (text, fields) => {
    expect((await rows(text)).map((row) => row.fields)).toEqual([fields]);
  });

  it('shares the names array among the rows', async () => {
    const seen = new Set<unknown>();
    await readRecords(inputFile(folder, 'shared.csv', 'a,b\n1,2\n3,4\n'), 'csv', (batch) => {
      for (let record = batch.next(); record; record = batch.next()) seen.add(record.fields?.names);
    });
    expect([...seen]).toEqual([['a', 'b']]);
  });

  it('takes the names of an Exchange log from its comment, and passes comments between appended logs by', async () => {
    const text =
      '#Software: x\r\n#Fields: date-time,id\r\n2024,1\r\n#Software: x\r\n#Fields: date-time,id\r\n2025,2\r\n#Fields: id,date-time\r\n3,2026\r\n';
    expect((await rows(text)).map((row) => row.fields)).toEqual([
      { 'date-time': '2024', id: '1' },
      { 'date-time': '2025', id: '2' },
      { id: '3', 'date-time': '2026' },
    ]);
  });

  it('does not take a row for a comment under a header row', async () => {
    expect((await rows('a,b\n#1,2\n')).map((row) => row.fields)).toEqual([{ a: '#1', b: '2' }]);
  });

  it('marks rows with another number of fields; empty ones too many do no harm', async () => {
    expect(await rows('a,b\n1\n1,2,3\n1,2,,\n1,2\n')).toEqual([
      { text: '1', line: 2, problem: 'row of 1 fields under a header of 2' },
      { text: '1,2,3', line: 3, problem: 'row of 3 fields under a header of 2' },
      { text: '1,2,,', line: 4, fields: { a: '1', b: '2' } },
      { text: '1,2', line: 5, fields: { a: '1', b: '2' } },
    ]);
  });

  it('gives up only the first line of a row with a stray quote', async () => {
    expect(await rows('a,b\n1,"open\n2,"x"\n3,"said "hi""\n4,y\n5,"never\n6,z\n7,\n')).toEqual([
      { text: '1,"open', line: 2, problem: 'a quote in a quoted field is not doubled' },
      { text: '2,"x"', line: 3, fields: { a: '2', b: 'x' } },
      { text: '3,"said "hi""', line: 4, problem: 'a quote in a quoted field is not doubled' },
      { text: '4,y', line: 5, fields: { a: '4', b: 'y' } },
      { text: '5,"never', line: 6, problem: 'a quoted field is not closed' },
      { text: '6,z', line: 7, fields: { a: '6', b: 'z' } },
      { text: '7,', line: 8, fields: { a: '7', b: '' } },
    ]);
    expect(await rows('a,b\n5,"never')).toEqual([
      { text: '5,"never', line: 2, problem: 'a quoted field is not closed' },
    ]);
  });

  it.each([70_000, 4194304])('limits rows to 1 MiB (chunks of %d bytes)', async (chunkBytes) => {
    const long = 'x'.repeat(1_100_000);
    const seen = await rows(
      `a,b\n1,${long}\n2,"${long.slice(0, 1_000_000)}"\n3,"open\n${long}\n4,y\n${'z\n'.repeat(600_000)}`,
      chunkBytes,
    );
    expect(seen.length).toBe(600_005);
    expect(seen.slice(0, 5).map(({ text, line, problem }) => [text.length, text.slice(0, 3), line, problem])).toEqual([
      [65536, '1,x', 2, 'row longer than 1 MiB'],
      [1_000_004, '2,"', 3, undefined],
      [7, '3,"', 4, 'a quoted field is not closed within 1 MiB'],
      [65536, 'xxx', 5, 'row longer than 1 MiB'],
      [3, '4,y', 6, undefined],
    ]);
    expect(seen[600_004]).toEqual({ text: 'z', line: 600_006, problem: 'row of 1 fields under a header of 2' });
  });

  it.each([
    ['good', '# c\r\nx,"y\n"\r\n1,"ä ""q"""\r\n\r\n2,"\r\n\r\n,"\r\n3,z'],
    ['broken', 'a,b\n1,"open\n2,"x"\r\n"3"\r,4\n5,"a"b\n"\n6\n7,"z'],
  ])('gives the same %s rows wherever chunks are cut', async (_name, text) => {
    const expected = await rows(text);
    expect(expected.length).toBeGreaterThan(2);
    for (let chunkBytes = 1; chunkBytes <= Buffer.byteLength(text); chunkBytes++)
      expect(await rows(text, chunkBytes)).toEqual(expected);
  });

  it('of an empty file or a header alone has no rows', async () => {
    expect(await rows('')).toEqual([]);
    expect(await rows('a,b\n')).toEqual([]);
  });
});
