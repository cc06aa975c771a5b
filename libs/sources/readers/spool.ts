import { mkdtempSync, openSync, rmSync, closeSync, fstatSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { InputFile, InputProblem } from './input-file';
import { inputProblem } from './input-problem';

/**
 * Copies a stream that can be read once (standard input, a pipe) to a temporary file, so that it can be sampled, surveyed and
 * parsed. The file is unlinked at once and lives as an open descriptor: nothing stays behind, however the process ends.
 */
export async function spool(stream: Readable, path: string, display: string): Promise<InputFile | InputProblem> {
  try {
    const fd = nameless();
    try {
      for await (const chunk of stream as AsyncIterable<Uint8Array | string>) {
        writeAll(fd, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      }
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return { path, display, sizeBytes: fstatSync(fd).size, modifiedAt: Date.now(), fd };
  } catch (error) {
    return inputProblem(display, error);
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

/** A new file that no name leads to. */
function nameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'hoptime-input-'));
  try {
    return openSync(join(folder, 'input'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives back the temporary copy of a spooled input; others are left alone. The file cannot be read afterwards. */
export function closeSpool(file: InputFile): void {
  if (file.fd !== undefined) closeSync(file.fd);
}
