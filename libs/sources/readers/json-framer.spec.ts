import { inputFile, readAll, temporaryFolder } from './readers.fixture';

const folder = temporaryFolder(afterAll);
const objects = async (content: string | Uint8Array, chunkBytes?: number) =>
  (await readAll(inputFile(folder, 'objects.json', content), 'json', { chunkBytes })).records;
const brief = async (content: string) =>
  (await objects(content)).map(({ text, line, problem }) => [line, problem ?? text]);

const PAGE =
  '{\n "nextToken": "a%2Bb]}",\n "logs": [\n  {"id": 1, "to": ["a", {"b": "}"}]},\n  {"id": 2}\n ],\n "more": {"logs": [{"id": 9}]}\n}\n';

describe('json', () => {
  it('gives scalars as text, null as nothing, arrays and objects as JSON text', async () => {
    expect(
      await objects(
        '\ufeff{"s":"a\\n\\u00e4\\"","n":1666618861.342,"b":true,"z":null,"a":["x",1],"o":{"k":{}},"e":""}',
      ),
    ).toEqual([
      {
        text: '{"s":"a\\n\\u00e4\\"","n":1666618861.342,"b":true,"z":null,"a":["x",1],"o":{"k":{}},"e":""}',
        line: 1,
        fields: { s: 'a\nä"', n: '1666618861.342', b: 'true', z: '', a: '["x",1]', o: '{"k":{}}', e: '' },
      },
    ]);
  });

  it.each([
    ['one per line', '{"id":1}\r\n\r\n{"id":2}\n', [1, 3]],
    ['one after the other', '{"id":1}{"id":2} ', [1, 1]],
    ['a sequence of RFC 7464', '\x1e{"id":1}\n\x1e{"id":2}\n', [1, 2]],
    ['an array', '[\n{"id":1},\n{"id":2}]\n', [2, 3]],
    ['a page of logs', '{"logs":[{"id":1},{"id":2}],"nextToken":"x"}', [1, 1]],
    ['a page of OData', '{"@odata.context":"https://x.example/$metadata","value":[\n{"id":1},\n{"id":2}\n]}', [2, 3]],
    [
      'pages one per line, an empty one among them',
      '{"logs":[{"id":1}]}\n{"nextToken":"","logs":[]}\n{"logs":[ {"id":2} ]}',
      [1, 3],
    ],
  ])('reads %s', async (_name, text, lines) => {
    const seen = await objects(text);
    expect(seen.map((record) => record.fields)).toEqual([{ id: '1' }, { id: '2' }]);
    expect(seen.map((record) => record.line)).toEqual(lines);
  });

  it('takes arrays named logs or value elsewhere for fields', async () => {
    expect(
      await objects('{"id":1,"value":["x"],"in":{"logs":[{"a":1}]},"logs":"none","tail":[{"b":2}]}'),
    ).toMatchObject([
      { fields: { id: '1', value: '["x"]', in: '{"logs":[{"a":1}]}', logs: 'none', tail: '[{"b":2}]' } },
    ]);
  });

  it('goes on at the next line behind a broken object', async () => {
    expect(
      await brief(
        '{"a":1}\nnot json\n{"b":2,}\n{"c":"open\n{"d":4}\n{"e":5\n{"f":6}\n{"g":[}\n[1]\n{"h":8}{"i":"\n{"j":9',
      ),
    ).toEqual([
      [1, '{"a":1}'],
      [2, 'not a JSON object'],
      [3, 'not valid JSON'],
      [4, 'a string is not closed'],
      [5, '{"d":4}'],
      [6, 'the object is not closed'],
      [7, '{"f":6}'],
      [8, 'brackets do not match'],
      [9, 'not a JSON object'],
      [10, '{"h":8}'],
      [10, 'a string is not closed'],
      [11, 'the file ends before the object does'],
    ]);
  });

  it('goes on in an array at the next line that begins an object, and gives up what is between once', async () => {
    const text = '[\n {\n  "id": "1\n  ",\n  "list": [ {"x": 1} ]\n },\n {"id": 2},\n {"id": 3]},\n {"id": 4}\n]\n';
    expect(await brief(text)).toEqual([
      [2, 'a string is not closed'],
      [7, '{"id": 2}'],
      [8, 'brackets do not match'],
      [9, '{"id": 4}'],
    ]);
  });

  it.each([
    ['[{"a":1},', 'the file ends before the array does'],
    ['{"logs":[{"a":1}\n', 'the file ends before the array does'],
    ['{"logs":[{"a":1}],"nextTo', 'the file ends before the object does'],
  ])('says that %j is cut off', async (text, problem) => {
    expect((await brief(text)).map(([, what]) => what)).toEqual(['{"a":1}', problem]);
  });

  it.each([65536, 4194304])(
    'limits an object to 16 MiB and reads on behind it (chunks of %d bytes)',
    async (chunkBytes) => {
      const value = 'x'.repeat(16 * 1048576);
      const seen = await objects(`{"a":"${value}"}\n{"b":"${value.slice(0, 1_000_000)}"}\n{"c":3}`, chunkBytes);
      expect(seen.map(({ text, line, problem }) => [text.length, line, problem])).toEqual([
        [65536, 1, 'object larger than 16 MiB'],
        [1_000_008, 2, undefined],
        [7, 3, undefined],
      ]);
    },
  );

  it.each([1000, 4194304])('keeps 64 KiB of a broken line over 1 MiB (chunks of %d bytes)', async (chunkBytes) => {
    const seen = await objects(
      `{"a":${'['.repeat(70)}${'y'.repeat(2_000_000)}\n{"b":1}\n${'z'.repeat(2_000_000)}`,
      chunkBytes,
    );
    expect(seen.map(({ text, line, problem }) => [text.length, line, problem])).toEqual([
      [65536, 1, 'nested deeper than 64'],
      [7, 2, undefined],
      [65536, 3, 'not a JSON object'],
    ]);
  });

  it.each([
    ['a page', PAGE, 2],
    ['sound lines', '{"a":"\\\\\\"{"}\r\n{"b":[[1],{"c":{}}]}\n', 2],
    ['broken lines', 'x\r\n{"a":"1\r\n{"b":2\r\n{"c":3}\n[{"d":4]}\n{"e":5}]\n{"logs":[{"f":6}],"g":"\n{"h":7}', 9],
  ])('gives the same records of %s wherever chunks are cut', async (_name, text, count) => {
    const expected = await objects(text);
    expect(expected.length).toBe(count);
    for (let chunkBytes = 1; chunkBytes <= Buffer.byteLength(text); chunkBytes++)
      expect(await objects(text, chunkBytes)).toEqual(expected);
  });

  it('of an empty file or blank lines has no records', async () => {
    expect(await objects('')).toEqual([]);
    expect(await objects(' \r\n\n[]\n{"logs":[]}')).toEqual([]);
  });
});
