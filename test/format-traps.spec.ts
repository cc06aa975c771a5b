import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { encodingOf } from '../libs/sources/readers/text-encoding';

/** docs/format-traps.md says which fixture, story or test holds each trap: here, that these are there. */
const ROOT = resolve(__dirname, '..');
const rows = readFileSync(join(ROOT, 'docs/format-traps.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:trap|---) /.test(line));

/** Path and text of everything that a row names. */
const named = rows.flatMap((row) => {
  const holders = row.slice(row.indexOf(' | ') + 3);
  return [...holders.matchAll(/`([^`]+)`(?:: «([^»]*)»)?(?:; | \|$)/g)].map(([, path, text = '']) => ({
    row,
    path,
    text: text.replaceAll('\\|', '|'),
  }));
});

function textOf(path: string): string {
  const bytes = readFileSync(join(ROOT, path));
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

it('every trap is held by something', () => {
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.filter((row) => !named.some((holder) => holder.row === row))).toEqual([]);
});

it('every file that is named is there, with the text that is quoted', () => {
  const missing = named.filter(({ path, text }) => !existsSync(join(ROOT, path)) || !textOf(path).includes(text));
  expect(missing.map(({ path, text }) => `${path}: ${text}`)).toEqual([]);
});

it('a test of the title is meant where a spec is quoted, or a case of one', () => {
  const bare = named.filter(
    ({ path, text }) => path.endsWith('.spec.ts') && text === '' && !/\bit\(|\btest\(/.test(textOf(path)),
  );
  expect(bare).toEqual([]);
});

it('no fixture of a format is left out', () => {
  const fixtures = globSync('libs/sources/formats/*/fixtures/*', { cwd: ROOT }).filter(
    (path) => !/\.expected\.json$|\.ts$/.test(basename(path)),
  );
  expect(fixtures.length).toBeGreaterThan(30);
  expect(fixtures.filter((path) => !named.some((holder) => holder.path === path))).toEqual([]);
});
