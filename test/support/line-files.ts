import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** How one log is torn into pieces. Numbers between 0 and 1 are shares of the log's lines. */
export interface Tearing {
  /** undefined: lines stay in order; else the seed of their new order */
  readonly shuffle: number | undefined;
  readonly cuts: readonly number[];
  /** so many lines of its successor stand at the end of each piece too */
  readonly overlap: number;
  /** this piece (modulo their number) comes twice, under two names */
  readonly repeated: number | undefined;
}

/** Writes the pieces of a log into `folder` and gives them the date of the log, which tells the year of stamps without one. */
export function tear(log: string, tearing: Tearing, folder: string): string[] {
  const lines = linesOf(readFileSync(log));
  const ordered = tearing.shuffle === undefined ? lines : shuffled(lines, tearing.shuffle);
  const borders = [
    0,
    ...tearing.cuts.map((share) => Math.floor(share * lines.length)).sort((a, b) => a - b),
    lines.length,
  ];
  const pieces = borders.slice(1).map((to, index) => ordered.slice(borders[index], to + tearing.overlap));
  if (tearing.repeated !== undefined) pieces.push(pieces[tearing.repeated % pieces.length]);
  mkdirSync(folder, { recursive: true });
  return pieces.map((piece, index) => {
    const path = join(folder, `${index}-${basename(log)}`);
    writeFileSync(path, Buffer.concat(piece));
    copyDate(log, path);
    return path;
  });
}

/** Lines with their line ends; the last one gets one. */
export function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(10, from);
    lines.push(end < 0 ? Buffer.concat([bytes.subarray(from), Buffer.from('\n')]) : bytes.subarray(from, end + 1));
    from = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}

export function copyDate(from: string, to: string): void {
  const { mtime } = statSync(from);
  utimesSync(to, mtime, mtime);
}

/** The same items in an order that only `seed` decides. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = randomNumbers(seed);
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/** Numbers from 0 to below 1 (mulberry32): the same seed gives the same numbers. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
