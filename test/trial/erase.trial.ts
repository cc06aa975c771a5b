import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workplace } from '../e2e/hoptime.fixture';

/** The proof of an erasure takes as long as the engine takes to delete what was replaced: about half a minute. */
const place = new Workplace();
afterAll(() => place.remove());

interface Erased {
  replaced_by: string | null;
  tables: { where: string; before: number; after: number }[];
  outdated_parts: number;
  left: number;
}

it('leaves no part of a table that names the address, neither read nor on disk', () => {
  place.run(['simulate', '--out', 'fleet', '--messages', '200', '--seed', '3', '--days', '2', '--fleet', 'postfix']);
  place.run(['ingest', 'fleet/postfix', '--timezone', 'UTC']);
  const list = JSON.parse(place.run(['journeys', '--format', 'json', '--limit', '1']).stdout) as unknown;
  const [, address] = /"recipient":"([^"]+)"/.exec(JSON.stringify(list)) ?? [];
  expect(address).toMatch(/@/);
  const erased = place.json<Erased>(['erase', '--address', address, '--json']);
  expect(erased.tables.map(({ where }) => where)).toEqual(['journeys', 'trace_events']);
  expect(erased.tables.every(({ before, after }) => before > 0 && after === 0)).toBe(true);
  expect([erased.left, erased.outdated_parts]).toEqual([0, 0]);
  expect(place.run(['journeys', '--all', '--format', 'csv']).stdout).not.toContain(address);
  // Tables are packed, so this alone would prove nothing; a text that is not packed would show.
  const files = readdirSync(join(place.folder, 'store'), { recursive: true, withFileTypes: true });
  const naming = files
    .filter((entry) => entry.isFile())
    .filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(address));
  expect(naming.map(({ name }) => name)).toEqual([]);
}, 240_000);
