import fc from 'fast-check';
import { EventCollector, KIND, STATEMENT, TEXT } from '../../trace/event-draft';
import { normaliseAddress } from '../../trace/mail-address';
import { displayMessageId } from '../../trace/message-id';
import { parseTimestamp } from '../../trace/timestamp';
import { isPlainAddress, setMessageId } from './field-columns';
import { RecordFields } from './record-fields';
import { RepeatedValues } from './repeated-values';
import { StampColumn } from './stamp-column';

const bare = (text: string): RecordFields => {
  const bytes = Buffer.from(`x${text}x`);
  const fields = new RecordFields();
  fields.begin(bytes);
  fields.add(1, bytes.length - 1);
  return fields;
};
const odd = fc
  .array(
    fc.constantFrom('<', '>', ' ', '@', 'a', 'B', ';', 'rfc822;', ':', '\u00a0', 'ä', '\n', 'x.example', 'unspecified'),
  )
  .map((parts) => parts.join(''));

describe('fields of a record', () => {
  it('come as strings or as ranges', () => {
    const fields = RecordFields.of(['a', 'b', 'c'], ['ä', '', ' x ']);
    expect(fields.values).toEqual(['ä', '', ' x ']);
    expect([0, 1, 2, 3, -1].map((index) => fields.isEmpty(index))).toEqual([false, true, false, true, true]);
    expect(fields.bytes.toString('utf8', fields.from[2], fields.to[2])).toBe(' x ');
    expect([fields.text(3), fields.text(-1)]).toEqual(['', '']);
    const kept = fields.copy();
    fields.setStrings(['a'], ['other']);
    expect(kept.values).toEqual(['ä', '', ' x ']);
  });

  it('are trimmed as strings are', () => {
    fc.assert(
      fc.property(odd, (text) => {
        for (const fields of [bare(text), RecordFields.of(['a'], [text])]) {
          fields.trim(0);
          expect(fields.text(0)).toBe(text.trim());
          expect(fields.bytes.toString('utf8', fields.from[0], fields.to[0])).toBe(text.trim());
        }
      }),
    );
  });

  it('tell message ids and plain addresses as their texts do', () => {
    fc.assert(
      fc.property(odd, (text) => {
        const fields = bare(text);
        const sink = new EventCollector();
        setMessageId(sink.draft.begin(KIND.received, STATEMENT.tracking, 0, 1), TEXT.messageId, fields, 0);
        sink.emit();
        expect(sink.events[0].messageId ?? '').toBe(displayMessageId(text));
        if (isPlainAddress(fields.bytes, fields.from[0], fields.to[0])) expect(normaliseAddress(text)).toBe(text);
      }),
      { numRuns: 1000 },
    );
    expect(isPlainAddress(Buffer.from('a.b+c@corp.example'), 0, 18)).toBe(true);
  });

  it('mean the same however often they come', () => {
    const meanings = new RepeatedValues((text) => `${text}!`);
    const texts = Array.from(
      { length: 20_000 },
      (_, n) => `host-${n % 5000}.corp.example${n % 7 === 0 ? '-long'.repeat(20) : ''}`,
    );
    for (const text of texts) expect(meanings.of(bare(text), 0)).toBe(`${text}!`);
    expect(meanings.of(bare(''), 5)).toBe('!');
  });
});

describe('stamps', () => {
  it.each(['Europe/Berlin', 'UTC', undefined])('are read as one by one, zone %s', (timeZone) => {
    const options = { timeZone, fileTime: Date.UTC(2026, 5, 1) };
    const column = new StampColumn(options);
    const stamp = fc
      .record({
        minute: fc.integer({ min: 0, max: 3 }),
        // one of the minutes is in the hour that the clock repeats
        hour: fc.constantFrom('2026-10-25T02', '2026-03-02 10', '2026-13-02T10'),
        second: fc.integer({ min: 0, max: 61 }),
        fraction: fc.constantFrom('', '.5', '.123', '.1234567', '.', ',5'),
        zone: fc.constantFrom('', 'Z', '+01:00', ' CET', ' nowhere'),
      })
      .map(
        ({ minute, hour, second, fraction, zone }) =>
          `${hour}:3${minute}:${String(second).padStart(2, '0')}${fraction}${zone}`,
      );
    fc.assert(
      fc.property(fc.array(stamp, { minLength: 2, maxLength: 8 }), (stamps) => {
        for (const text of stamps) {
          const expected = parseTimestamp(text, options);
          const read = column.read(bare(text), 0);
          if ('problem' in expected) expect([read, column.problem]).toEqual([false, expected.problem]);
          else expect([read, column.time, column.resolutionMs]).toEqual([true, expected.time, expected.resolutionMs]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
