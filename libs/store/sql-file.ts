import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root';

const texts = new Map<string, string>();

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
