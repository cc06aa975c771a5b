import { doublingBar, spanBar } from './bar';
import { csvLine } from './csv';
import { counted, countText, durationText, shareText } from './duration-text';
import { isIanaZone, localText, localTime } from './local-time';
import { shellWord } from './shell-word';
import { isoFromStore, storeTime } from './store-time';
import { textTable } from './text-table';

describe('durationText', () => {
  it.each([
    [null, '–'],
    [0, '0 ms'],
    [999, '999 ms'],
    [1000, '1.0 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 0 s'],
    [500_000, '8 min 20 s'],
    [3_599_499, '59 min 59 s'],
    [3_599_500, '1 h 00 min'],
    [7_500_000, '2 h 05 min'],
    [86_400_000, '1 d 0 h'],
    [273_600_000, '3 d 4 h'],
    [-1500, '-1.5 s'],
  ])('%p ms is %p', (ms, text) => expect(durationText(ms)).toBe(text));
});

describe('shareText', () => {
  it.each([
    [null, '–'],
    [0, '0 %'],
    [1, '100 %'],
    [0.5, '50.0 %'],
    [0.9996, '>99.9 %'],
    [0.999, '99.9 %'],
    [0.0004, '<0.1 %'],
  ])('%p is %p', (share, text) => expect(shareText(share)).toBe(text));
});

it('counts with separators and plurals', () => {
  expect([countText(0), countText(999), countText(1234567)]).toEqual(['0', '999', '1,234,567']);
  expect([counted(1, 'journey'), counted(2000, 'journey')]).toEqual(['1 journey', '2,000 journeys']);
});

describe('bars', () => {
  it.each([
    [null, ''],
    [1000, ''],
    [2000, '█'],
    [4000, '██'],
    [64_000, '██████'],
    [1414, '▌'],
    [2 ** 40, '████████████████████'],
  ])('doublingBar(%p) is %p', (ms, bar) => expect(doublingBar(ms)).toBe(bar));

  it.each([
    [0, 100, 100, '##########'],
    [50, 100, 100, '     #####'],
    [100, 100, 100, '         #'],
    [25, 26, 100, '  #'],
    [0, 0, 0, '#'],
  ])('spanBar(%p, %p, %p) is %p', (start, end, total, bar) => expect(spanBar(start, end, total, 10, '#')).toBe(bar));
});

it('writes CSV fields as RFC 4180 says', () => {
  expect(csvLine(['a', 'b,c', 'say "x"', 'two\nlines', null, undefined, 0, ''])).toBe(
    'a,"b,c","say ""x""","two\nlines",,,0,\r\n',
  );
});

it('keeps a spreadsheet from taking a text for a formula, and leaves numbers alone', () => {
  expect(csvLine(['=cmd|x', '+1', '-a@b.example', '@sum', '\tx', -5, 'a=b'])).toBe(
    "'=cmd|x,'+1,'-a@b.example,'@sum,'\tx,-5,a=b\r\n",
  );
});

it('quotes words for a POSIX shell only where they need it', () => {
  expect(['a@b.example', 'downstream:mx1', '--to', "it's <x>", '', '$HOME'].map(shellWord)).toEqual([
    'a@b.example',
    'downstream:mx1',
    '--to',
    "'it'\\''s <x>'",
    "''",
    "'$HOME'",
  ]);
});

it('converts times of the store without losing milliseconds', () => {
  expect(isoFromStore('2026-03-02 00:00:00.123')).toBe('2026-03-02T00:00:00.123Z');
  expect(isoFromStore(null)).toBeNull();
  expect(storeTime(Date.UTC(2026, 2, 2, 0, 0, 0, 123))).toBe('2026-03-02 00:00:00.123');
});

it('shows an instant in a zone, over a change to summer time', () => {
  // Berlin goes from 02:00 to 03:00 at 01:00 UTC on 29 March 2026
  expect(localTime('2026-03-29T00:59:00.000Z', 'Europe/Berlin')).toEqual({
    day: '2026-03-29',
    weekday: 'Sun',
    minute: '01:59',
  });
  expect(localText('2026-03-29T01:00:00.000Z', 'Europe/Berlin')).toBe('2026-03-29 03:00');
  expect(localText(null, 'UTC')).toBe('–');
  expect(['Europe/Berlin', 'UTC', '+02:00', 'Mars', ''].map(isIanaZone)).toEqual([true, true, false, false, false]);
});

describe('textTable', () => {
  it('aligns by characters, cuts what is too long, and leaves no space at the end', () => {
    const columns = [{ title: 'name', most: 6 }, { title: 'n', align: 'right' as const }, { title: 'note' }];
    expect(
      textTable(columns, [
        ['ä€x', '1,000', 'y'],
        ['abcdefgh', '2', ''],
      ]),
    ).toBe(['name        n  note', '──────  ─────  ────', 'ä€x     1,000  y', 'abcde…      2', ''].join('\n'));
  });

  it('lets no control character through to the terminal', () => {
    expect(textTable([{ title: 'id' }], [['a\u001b[2Jb\u009bc\n']])).toBe('id\n─────────\na?[2Jb?c?\n');
  });
});
