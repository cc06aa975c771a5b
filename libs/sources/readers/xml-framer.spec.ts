import { inputFile, readAll, temporaryFolder } from './readers.fixture';

const folder = temporaryFolder(afterAll);
const elements = async (content: string | Uint8Array, chunkBytes?: number) =>
  (await readAll(inputFile(folder, 'elements.xml', content), 'xml', { chunkBytes })).records;
const brief = async (content: string, chunkBytes?: number) =>
  (await elements(content, chunkBytes)).map(({ text, line, problem }) =>
    [line, text, problem].filter((part) => part !== undefined),
  );

const SOUND = `<?xml version="1.0" encoding="UTF-8"?>
<!-- <log><record/></log> -->
<x:log xmlns:x="urn:example">
 <x:record id="1>2 &amp; 3">
  <x:Subject>a &lt;b&gt; &#228;&#xe4; &quot;ü&quot;</x:Subject><To lang='en'>r@c.example</To>
  <Body><![CDATA[<record>&amp;</record>]]></Body><!-- </record> --><Empty/>
 </x:record>
 between <message n="1"/>
 <record><To>a</To><To>b</To><In><A>1</A></In></record></x:log>
`;

describe('xml', () => {
  it('gives every child of the root, its attributes and children as fields', async () => {
    expect(await elements(SOUND)).toEqual([
      {
        line: 4,
        text: SOUND.slice(SOUND.indexOf('<x:record'), SOUND.indexOf('</x:record>') + 11),
        fields: {
          id: '1>2 & 3',
          Subject: 'a <b> ää "ü"',
          To: 'r@c.example',
          Body: '<record>&amp;</record>',
          Empty: '',
        },
      },
      { line: 8, text: '<message n="1"/>', fields: { n: '1' } },
      {
        line: 9,
        text: '<record><To>a</To><To>b</To><In><A>1</A></In></record>',
        fields: { To: '["a","b"]', In: '{"A":"1"}' },
      },
    ]);
  });

  it('refuses a document type declaration, and entities with it', async () => {
    const bomb =
      '<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>\n<log><r>&b;</r></log>';
    const problem = 'a document type declaration (<!DOCTYPE …>) is refused: take it out of the file';
    expect(await elements(bomb)).toEqual([{ line: 2, text: '<!DOCTYPE', problem }]);
    expect(await brief('<log><r>\n<!DOCTYPE x></r><r/></log>')).toEqual([[1, '<r>\n<!DOCTYPE', problem]]);
  });

  it.each([
    ['texts', '<a>1</a><b> two  words </b>', { a: '1', b: 'two  words' }],
    ['none', '<a/><b></b><c> </c>', { a: '', b: '', c: '' }],
    ['attributes', '<a x="1">text</a><b x="1"/>', { a: 'text', b: '{"@":{"x":"1"}}' }],
    ['marked text', '<a><![CDATA[<x>]]></a><b>1<![CDATA[2]]>3</b>', { a: '<x>', b: '123' }],
    ['comments', '<a>1<!-- 2 -->3</a><!-- <b/> --><c>&#64;</c>', { a: '13', c: '@' }],
    ['names with a prefix', '<n:a>1</n:a><b>2</b>', { a: '1', b: '2' }],
  ])('%s are the same fields, whether or not something beside them is nested', async (_what, children, fields) => {
    const [flat, nested] = await elements(`<log><r k="0">${children}</r><r k="0">${children}<z/><z/></r></log>`);
    expect(nested.fields).toEqual({ ...flat.fields, z: '["",""]' });
    expect(flat.fields).toEqual({ ...fields, k: '0' });
  });

  it('does not expand entities that nobody defined', async () => {
    expect((await elements('<log><r><a>&b;&amp;lt;</a></r></log>'))[0].fields).toEqual({ a: '&b;&lt;' });
  });

  it('gives up one element where tags do not match, and goes on at the next', async () => {
    expect(
      await brief(
        '<log>\n<r><a>1</r>\n<r><a>2</a>\n<r>3</r>\n<r>4</b></r>\n<r>5<6</r>\n<r a="7>\n<r>8</r>\n<s>9</log>',
      ),
    ).toEqual([
      [2, '<r><a>1</r>', 'tags do not match'],
      [3, '<r><a>2</a>\n', 'tags do not match'],
      [4, '<r>3</r>'],
      [5, '<r>4</b></r>', 'tags do not match'],
      [6, '<r>5<6</r>', 'not well-formed XML'],
      [8, '<r>8</r>'],
      [9, '<s>9', 'tags do not match'],
    ]);
  });

  it.each([
    [
      '<log><r>1</r>\n<r>2</',
      [
        [1, '<r>1</r>'],
        [2, '<r>2</', 'the file ends before the element does'],
      ],
    ],
    [
      '<log><r>1</r>\n<r>2<r>3</r>',
      [
        [1, '<r>1</r>'],
        [2, '<r>2', 'the file ends before the element does'],
        [2, '<r>3</r>'],
        [2, '', 'the file ends before the root element does'],
      ],
    ],
    [
      '<log><r>1</r>\n',
      [
        [1, '<r>1</r>'],
        [2, '', 'the file ends before the root element does'],
      ],
    ],
    ['<log>\n<![CDATA[', [[2, '', 'the file ends before the root element does']]],
    ['hello', [[1, '', 'no XML element in the file']]],
    ['', []],
    ['<?xml version="1.0"?>\n<log/>', []],
    ['<log>text</log>\n', []],
  ])('of %j gives what is there', async (text, expected) => {
    expect(await brief(text)).toEqual(expected);
  });

  it('limits depth', async () => {
    const deep = (depth: number): string => `<r>${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}</r>`;
    expect(
      (await elements(`<log>${deep(30)}${deep(31)}${deep(100_000)}<r>1</r></log>`)).map(({ problem }) => problem),
    ).toEqual([undefined, 'nested deeper than 32', 'nested deeper than 32', undefined]);
  });

  it.each([5000, 65536, 4194304])(
    'limits an element to 1 MiB and a tag to 64 KiB (chunks of %d bytes)',
    async (chunkBytes) => {
      const long = 'x'.repeat(3_000_000);
      const inner = `<b>${'y'.repeat(100_000)}</b>`;
      const text = `<log>\n<r>${long}</r>\n<r><![CDATA[${long}]]></r>\n<r><a>1</a>\n<r>2</r>${inner.repeat(12)}</r>\n<r a="${long}"/>\n<!--${long}--><r>3</r></log>`;
      const seen = await elements(text, chunkBytes);
      expect(seen.map(({ text: kept, line, problem }) => [kept.length, line, problem])).toEqual([
        [65536, 2, 'element larger than 1 MiB'],
        [65536, 3, 'element larger than 1 MiB'],
        [12, 4, 'element larger than 1 MiB'],
        [8, 5, undefined],
        ...Array.from({ length: 12 }, () => [100_007, 5, undefined]),
        [8, 7, undefined],
      ]);
    },
  );

  it.each([
    ['sound', SOUND, 3],
    [
      'broken',
      '<log>\n<r><a>1</r>\n<r><a>2</a>\n<r>3</r>\n<r>4</b></r>\n<r>5<6</r><r/>\n<r a="7>\n<r><!-- --->8]]></r>\n<s>9</log>',
      8,
    ],
    ['refused', '<?x?>\n<log><r/>\n<!DOCTYPE x [\n]>', 2],
    ['cut off', '<log>\n<r>1<r>2<!-- ', 2],
  ])('gives the same records of %s elements wherever chunks are cut', async (_name, text, count) => {
    const expected = await elements(text);
    expect(expected.length).toBe(count);
    for (let chunkBytes = 1; chunkBytes <= Buffer.byteLength(text); chunkBytes++)
      expect(await elements(text, chunkBytes)).toEqual(expected);
  });
});
