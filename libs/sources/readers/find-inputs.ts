import { constants, createReadStream, type Stats } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { Readable } from 'node:stream';
import type { InputFile, InputProblem } from './input-file';
import { errorCode, inputProblem } from './input-problem';
import { spool } from './spool';

/**
 * Finds the inputs that the user named: files, folders (with all folders below; names that begin with a dot are left out),
 * glob patterns, and `-` for standard input, in the order given, within a folder or pattern by name. A file that is reached
 * twice comes once. What cannot be used is a problem value, never an exception.
 */
export async function* findInputs(
  paths: readonly string[],
  stdin: Readable = process.stdin,
): AsyncGenerator<InputFile | InputProblem, void, undefined> {
  const seen = new Set<string>();
  for (const path of paths) {
    if (path === '-') {
      if (!seen.has('-')) yield await spool(stdin, '-', '-');
      seen.add('-');
    } else {
      yield* named(path, seen);
    }
  }
}

/** All of {@link findInputs}. Standard input and pipes have been read to their end when this resolves. */
export async function allInputs(paths: readonly string[]): Promise<(InputFile | InputProblem)[]> {
  const found: (InputFile | InputProblem)[] = [];
  for await (const input of findInputs(paths)) found.push(input);
  return found;
}

async function* named(path: string, seen: Set<string>): AsyncGenerator<InputFile | InputProblem> {
  let stats: Stats;
  try {
    // A name that exists is taken as it is, even with brackets or stars in it.
    stats = await stat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && isDynamicPattern(path)) yield* matching(path, seen);
    else yield inputProblem(path, error);
    return;
  }
  yield* found(path, stats, seen, true);
}

async function* matching(pattern: string, seen: Set<string>): AsyncGenerator<InputFile | InputProblem> {
  let matches: string[];
  try {
    matches = await glob(pattern, { onlyFiles: false, expandDirectories: false });
  } catch (error) {
    yield inputProblem(pattern, error);
    return;
  }
  if (matches.length === 0) {
    yield {
      path: pattern,
      reason: 'the pattern matches nothing',
      advice: 'check the pattern; quote it if the shell shall not expand it',
    };
  }
  for (const match of matches.sort()) yield* entry(match, seen);
}

async function* entry(path: string, seen: Set<string>): AsyncGenerator<InputFile | InputProblem> {
  try {
    yield* found(path, await stat(path), seen, false);
  } catch (error) {
    yield inputProblem(path, error);
  }
}

async function* found(
  display: string,
  stats: Stats,
  seen: Set<string>,
  byName: boolean,
): AsyncGenerator<InputFile | InputProblem> {
  const path = resolve(display);
  try {
    const real = await realpath(path);
    if (seen.has(real)) return;
    seen.add(real);
    await access(path, constants.R_OK);
  } catch (error) {
    yield inputProblem(display, error);
    return;
  }
  if (stats.isDirectory()) yield* folder(display, seen);
  else if (stats.isFile()) yield { path, display, sizeBytes: stats.size, modifiedAt: Math.floor(stats.mtimeMs) };
  // A pipe in a folder would block until somebody writes to it, so only one that is named is read.
  else if (byName && (stats.isFIFO() || stats.isCharacterDevice()))
    yield await spool(createReadStream(path), path, display);
  else if (byName) yield inputProblem(display, 'ENXIO');
}

async function* folder(display: string, seen: Set<string>): AsyncGenerator<InputFile | InputProblem> {
  let names: string[];
  try {
    names = await readdir(display);
  } catch (error) {
    yield inputProblem(display, error);
    return;
  }
  for (const name of names.sort()) if (!name.startsWith('.')) yield* entry(join(display, name), seen);
}
