import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { linesOf } from './line-files';

/**
 * The files of a simulated fleet as steps that bring them into the folder `incoming`, at least `wanted`: logs in pieces that are appended, all other
 * files as a whole.
 */
export function fleetSteps(fleet: string, incoming: string, wanted: number): (() => void)[] {
  const files = readdirSync(fleet, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('truth') && entry.name !== 'README.md')
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /\/(hes|postfix|mail)\//.test(path));
  const logs = files.filter((path) => path.includes('/postfix/'));
  const lineCount = logs.reduce((sum, path) => sum + linesOf(readFileSync(path)).length, 0);
  const perPiece = Math.max(1, Math.floor(lineCount / (wanted + logs.length)));
  return files.flatMap((from) => {
    const to = join(incoming, relative(fleet, from));
    mkdirSync(dirname(to), { recursive: true });
    const { mtime } = statSync(from);
    if (!from.includes('/postfix/')) return [() => (copyFileSync(from, to), utimesSync(to, mtime, mtime))];
    const lines = linesOf(readFileSync(from));
    const pieces = Math.max(1, Math.ceil(lines.length / perPiece));
    return Array.from({ length: pieces }, (_, n) => () => {
      appendFileSync(to, Buffer.concat(lines.slice(n * perPiece, (n + 1) * perPiece)));
      utimesSync(to, mtime, mtime);
    });
  });
}

/** In another order: what a log says does not depend on the order of its lines. */
export function mixed(all: readonly (() => void)[], random: () => number): (() => void)[] {
  const places = all.map((step, index) => ({ step, at: index + random() * all.length * 0.5 }));
  return places.sort((a, b) => a.at - b.at).map(({ step }) => step);
}
