import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCES, sourceNamed } from './registry';
import { FRAMINGS } from './source';

const formats = join(__dirname, 'formats');
const folders = readdirSync(formats, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe('registry', () => {
  it('holds every folder under formats/, each once and under its own name', () => {
    expect(SOURCES.map((source) => source.name).sort()).toEqual(folders.sort());
  });

  it.each(folders)('finds all files of %s: index, README, a spec and fixtures', (name) => {
    const folder = join(formats, name);
    expect(existsSync(join(folder, 'index.ts'))).toBe(true);
    expect(existsSync(join(folder, 'README.md'))).toBe(true);
    expect(readdirSync(folder).filter((file) => file.endsWith('.spec.ts'))).not.toEqual([]);
    expect(readdirSync(join(folder, 'fixtures'))).not.toEqual([]);
  });

  it.each(SOURCES.map((source) => [source.name, source] as const))('describes %s completely', (name, source) => {
    expect(sourceNamed(name)).toBe(source);
    expect(source.title).not.toBe('');
    expect(source.product).not.toBe('');
    expect(source.framings.length).toBeGreaterThan(0);
    for (const framing of source.framings) expect(FRAMINGS).toContain(framing);
    expect(source.options.safeParse({}).success).toBe(true);
    expect(source.looksLike([], source.framings[0]).score).toBe(0);
  });

  it('knows no other names', () => {
    expect(sourceNamed('Postfix')).toBeUndefined();
  });
});
