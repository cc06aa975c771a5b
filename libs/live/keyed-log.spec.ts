import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyedLog } from './keyed-log';

const folder = mkdtempSync(join(tmpdir(), 'hoptime-keyed-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the file says to a program that opens it. */
function reopened(path: string): readonly number[] {
  const log = new KeyedLog<number>(path);
  log.close();
  return log.values;
}

it('keeps the latest value of each key, newest last, over a restart', () => {
  const path = join(folder, 'a');
  const log = new KeyedLog<number>(path);
  log.put([
    ['a', 1],
    ['b', 2],
  ]);
  log.put([['a', 3]]);
  expect(log.values).toEqual([2, 3]);
  log.close();
  expect(reopened(path)).toEqual([2, 3]);
});

it('leaves out a line that was cut off, and goes on behind it', () => {
  const path = join(folder, 'b');
  const log = new KeyedLog<number>(path);
  log.put([['a', 1]]);
  log.close();
  appendFileSync(path, '["b",2');
  const again = new KeyedLog<number>(path);
  expect(again.values).toEqual([1]);
  again.put([['c', 3]]);
  again.close();
  expect(reopened(path)).toEqual([1, 3]);
});

it('is rewritten when much of it is outdated', () => {
  const path = join(folder, 'c');
  const log = new KeyedLog<number>(path);
  for (let round = 0; round < 600; round++) {
    log.put([
      ['a', round],
      ['b', -round],
    ]);
  }
  log.close();
  expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(1200);
  expect(reopened(path)).toEqual([599, -599]);
  expect(readFileSync(path, 'utf8')).toBe('["a",599]\n["b",-599]\n');
});
