import { delayText, printedDelayMs } from './postfix-delay';

// By hand from Postfix's format_tv: 10 ms steps under 1 s, 100 ms steps under 10 s, whole seconds above; half rounds up.
test.each([
  [0, '0'],
  [4_999, '0'],
  [5_000, '0.01'],
  [94_999, '0.09'],
  [104_000, '0.1'],
  [235_000, '0.24'],
  [996_000, '1'],
  [2_040_000, '2'],
  [2_050_000, '2.1'],
  [9_949_999, '9.9'],
  [9_950_000, '10'],
  [10_499_999, '10'],
  [10_500_000, '11'],
  [354_775_600_000, '354776'],
])('%d µs is printed as %s', (micros, text) => {
  expect(delayText(micros)).toBe(text);
});

test('a reader of the printed delay gets ms', () => {
  expect(printedDelayMs(2_050_000)).toBe(2100);
  expect(printedDelayMs(94_999)).toBe(90);
});
