import { readFileSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const texts = new Map<string, string>();

/** The package root: the nearest folder upward that holds package.json, both from sources and from dist/. */
export function packageRoot(from: string = __dirname): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${from}`);
    folder = parent;
  }
  return folder;
}

export const sqlFolder = (): string => join(packageRoot(), 'libs', 'store', 'sql');

/** The text of libs/store/sql/`name`.sql: one statement. SQL files are data, found from the package root, since builds copy no assets. */
export function sqlText(name: string): string {
  let text = texts.get(name);
  if (text === undefined) {
    text = readFileSync(join(sqlFolder(), `${name}.sql`), 'utf8').trim();
    texts.set(name, text);
  }
  return text;
}
