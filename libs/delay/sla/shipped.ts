import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root';
import { errorCode } from '../../sources/readers/input-problem';
import { ClauseError, parseClauses, type Clause } from './clause';

const folder = (): string => join(packageRoot(), 'libs', 'delay', 'sla', 'clauses');

/** The names under which clause files come with the program. */
export function shippedNames(): string[] {
  return readdirSync(folder())
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** The clauses of a file, or of one that comes with the program, by its name. @throws ClauseError */
export function readClauses(fileOrName: string): Clause[] {
  const shipped = shippedNames();
  const path = shipped.includes(fileOrName) ? join(folder(), `${fileOrName}.yaml`) : fileOrName;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ClauseError([
      `${fileOrName} cannot be read (${errorCode(error)}); clauses that come with hoptime: ${shipped.join(', ')}`,
    ]);
  }
  return parseClauses(text, fileOrName);
}
