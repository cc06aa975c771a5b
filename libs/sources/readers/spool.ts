import { createWriteStream, mkdtempSync, openSync, rmSync, closeSync, fstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { InputFile, InputProblem } from './input-file';
import { inputProblem } from './input-problem';

/**
 * Copies a stream that can be read once (standard input, a pipe) to a temporary file, so that it can be sampled, surveyed and
 * parsed. The file is unlinked at once and lives as an open descriptor: nothing stays behind, however the process ends.
 */
export async function spool(stream: Readable, path: string, display: string): Promise<InputFile | InputProblem> {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'hoptime-input-'));
    const copy = join(folder, 'input');
    const fd = openSync(copy, 'wx+', 0o600);
    try {
      await pipeline(stream, createWriteStream(copy, { flags: 'r+' }));
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return { path, display, sizeBytes: fstatSync(fd).size, modifiedAt: Date.now(), fd };
  } catch (error) {
    return inputProblem(display, error);
  } finally {
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives back the temporary copy of a spooled input; others are left alone. The file cannot be read afterwards. */
export function closeSpool(file: InputFile): void {
  if (file.fd !== undefined) closeSync(file.fd);
}
