import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileChunks } from '../../sources/readers/file-chunks';
import type { InputFile } from '../../sources/readers/input-file';
import { openBytes } from '../../sources/readers/open-bytes';
import type { ManifestInput } from './manifest';

const CHUNK_BYTES = 1024 * 1024;
/** What log rotation adds to a name: a number or a day, and that the file is packed. */
const ROTATED = /(\.\d{1,4}|-\d{8})?(\.(gz|zst))?$/;
/** So many files beside a name are looked at. */
const MOST_BESIDE = 500;

/**
 * The file of each input whose bytes it has: as a whole, or at its beginning, unpacked where it is packed. Of a file that has more than the input
 * only that beginning is the input (`textBytes`). Each file is one input. Files that cannot be read are none.
 * @param onFile told before each file
 */
export async function filesByHash(
  inputs: readonly ManifestInput[],
  files: readonly InputFile[],
  onFile: (path: string) => void = () => undefined,
): Promise<Map<ManifestInput, InputFile>> {
  const wanted = new Map<string, ManifestInput[]>();
  for (const input of inputs)
    if (input.sha256 !== null && (input.size_bytes ?? 0) > 0) {
      const key = keyOf(input.size_bytes ?? 0, input.sha256);
      wanted.set(key, [...(wanted.get(key) ?? []), input]);
    }
  const found = new Map<ManifestInput, InputFile>();
  const take = (size: number, sha256: string, file: InputFile): boolean => {
    const input = wanted.get(keyOf(size, sha256))?.shift();
    if (input) found.set(input, file);
    return input !== undefined;
  };
  const sizes = (): number[] =>
    [...new Set([...wanted.values()].flat().map(({ size_bytes }) => size_bytes ?? 0))].sort((a, b) => a - b);
  const ofWholes = new Set(sizes());
  const others: InputFile[] = [];
  for (const file of files) {
    const size = file.sizeBytes ?? 0;
    if (ofWholes.has(size)) onFile(file.display);
    const whole = ofWholes.has(size) ? await wholeHash(file) : undefined;
    if (whole === undefined || !take(size, whole, file)) others.push(file);
  }
  for (const file of others) {
    const left = sizes();
    if (left.length === 0) break;
    onFile(file.display);
    // The longest first: a file that two inputs begin like is the one of which more is the same.
    for (const { bytes, sha256, isWhole } of (await beginnings(file, left)).reverse())
      if (take(bytes, sha256, isWhole ? file : { ...file, textBytes: bytes })) break;
  }
  return found;
}

const keyOf = (size: number, sha256: string): string => `${size} ${sha256}`;

/** SHA-256 of a file as it lies on disk; undefined where it cannot be read. */
export async function wholeHash(file: InputFile): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of fileChunks(file, CHUNK_BYTES)) hash.update(chunk);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

/** SHA-256 of the first so many bytes of a file's text, unpacked, for each of some lengths in ascending order; of those only that it has. */
async function beginnings(
  file: InputFile,
  lengths: readonly number[],
): Promise<{ readonly bytes: number; readonly sha256: string; readonly isWhole: boolean }[]> {
  const hash = createHash('sha256');
  const found: { bytes: number; sha256: string }[] = [];
  let seen = 0;
  for await (const chunk of openBytes({ ...file, textBytes: (lengths.at(-1) ?? 0) + 1 }, { raw: true })) {
    let from = 0;
    while (found.length < lengths.length && lengths[found.length] <= seen + chunk.length) {
      const bytes = lengths[found.length];
      hash.update(chunk.subarray(from, bytes - seen));
      from = bytes - seen;
      found.push({ bytes, sha256: hash.copy().digest('hex') });
    }
    hash.update(chunk.subarray(from));
    seen += chunk.length;
  }
  return found.map((beginning) => ({ ...beginning, isWhole: beginning.bytes === seen }));
}

/** What a file says where an input should be: the hash of as much of it as the input was, or that it is shorter. */
export async function foundInstead(
  { followed, size_bytes }: ManifestInput,
  file: InputFile,
): Promise<{ readonly sha256: string | null; readonly shorter: boolean }> {
  const size = size_bytes ?? 0;
  if (!followed) return { sha256: (await wholeHash(file)) ?? null, shorter: (file.sizeBytes ?? 0) < size };
  const [beginning] = await beginnings(file, [size]);
  return { sha256: beginning?.sha256 ?? null, shorter: beginning === undefined };
}

/** The file at a path; undefined where there is none. */
export async function fileAt(path: string): Promise<InputFile | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  return { path, display: path, sizeBytes: stats.size, modifiedAt: Math.floor(stats.mtimeMs) };
}

/** Files that log rotation may have made of the one at a path, or of the one that this was made of. */
export async function rotatedFrom(path: string): Promise<InputFile[]> {
  const stem = basename(path).replace(ROTATED, '');
  const names = await readdir(dirname(path)).catch(() => [] as string[]);
  const beside = names.filter((name) => name.replace(ROTATED, '') === stem && name !== basename(path)).sort();
  const files: InputFile[] = [];
  for (const name of beside.slice(0, MOST_BESIDE)) {
    const file = await fileAt(join(dirname(path), name));
    if (file) files.push(file);
  }
  return files;
}
