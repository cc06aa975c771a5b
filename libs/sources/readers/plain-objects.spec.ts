import fc from 'fast-check';
import { ascii } from '../log-text/byte-scan';
import { asText } from './json-framer';
import { PlainObjects } from './plain-objects';

interface Read {
  end: number;
  names: readonly string[];
  values: string[];
  lineEnds: number;
}

function read(reader: PlainObjects, text: string, askew = 0): Read {
  const bytes = Buffer.from(`${'x'.repeat(askew)}${text}, rest`);
  const end = reader.read(bytes, askew, bytes.length) - askew;
  const { fields, lineEnds } = reader;
  return { end, names: fields.names, values: end < 0 ? [] : fields.values, lineEnds };
}

function parsed(text: string): Read {
  const object = JSON.parse(text) as Record<string, unknown>;
  const values = Object.values(object).map((value) => Buffer.from(asText(value)).toString());
  return {
    end: Buffer.byteLength(text),
    names: Object.keys(object),
    values,
    lineEnds: text.split('\n').length - 1,
  };
}

const reader = (): PlainObjects => new PlainObjects([ascii('logs')]);

const TRACKED =
  '{"genTime":"2026-03-02T10:00:05Z","size":2048,"subject":"Gr\u00fc\\u00df\\ud83d\\ude00 \\"a\\\\b\\"","headerTo":["a@b.example",""],"attachments":[{"fileName":"a.pdf","n":-7}],"none":null,"ok":true,"not":false}';

describe('plain objects', () => {
  it('reads records as Trend writes them, wherever they lie in memory', () => {
    const one = reader();
    for (let askew = 0; askew < 8; askew++) expect(read(one, TRACKED, askew)).toEqual(parsed(TRACKED));
    const spread = '{ "a" : "x" ,\r\n\t"b" : 12 ,\n "c":[] , "d":{} }';
    expect(read(one, spread)).toEqual(parsed(spread));
    expect(read(one, TRACKED).names).toBe(read(one, TRACKED).names);
  });

  it.each([
    ['{"a":"x"', 'not all there'],
    ['{"a":"x\ty"}', 'a control byte in a string'],
    ['{"a":"\\x"}', 'an unknown escape'],
    ['{"a":1.50}', 'a number that is written otherwise'],
    ['{"a":01}', 'no number'],
    ['{"a":-0}', 'a number that is written otherwise'],
    ['{"a":1e3}', 'a number that is written otherwise'],
    ['{"a":12345678901234567890}', 'more digits than a number has'],
    ['{"a":1,"a":2}', 'a key twice'],
    ['{"b":1,"2":1}', 'a key that is moved'],
    ['{"\\u0061":1}', 'a key with an escape'],
    ['{"a":[1, 2]}', 'blanks within'],
    ['{"a":{"b":1,"b":2}}', 'a key twice within'],
    ['{"a":["\\n"]}', 'an escape within'],
    ['{"logs":[{"a":1}]}', 'a page'],
    ['{"a":nul}', 'no value'],
    ['{"a":1,}', 'no key'],
    ['{"a" 1}', 'no colon'],
    ['{}', 'nothing'],
  ])('leaves %s to JSON.parse: %s', (text) => {
    expect(read(reader(), text).end).toBeLessThan(0);
  });

  it('says what JSON.parse says of whatever it takes', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '\u0000', '"', '\\', 'ä', 'a@b.example'));
    const value = fc.oneof(
      text,
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.jsonValue({ maxDepth: 3 }),
    );
    const key = fc.constantFrom('a', 'b', 'logs', 'x y', '1', 'Sender', 'ä', '__proto__');
    const one = reader();
    let taken = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 8 }),
        fc.nat(7),
        fc.boolean(),
        (pairs, askew, spread) => {
          const members = pairs.map(([name, each]) => `${JSON.stringify(name)}:${JSON.stringify(each)}`);
          const json = spread ? `{\n${members.join(' ,\n')}\n}` : `{${members.join(',')}}`;
          const found = read(one, json, askew);
          if (found.end < 0) return;
          taken++;
          expect(found).toEqual(parsed(json));
        },
      ),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(300);
  });
});
