import { mkdtempSync, rmSync, writeFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Framing } from '../source';
import type { InputFile } from './input-file';
import type { ReadOptions } from './open-bytes';
import { readRecords, type ReadResult } from './read-records';

/** A record as plain values, so that it outlives the reader's buffer. */
export interface SeenRecord {
  text: string;
  line: number;
  fields?: Record<string, string>;
  problem?: string;
}

/** A folder that is removed when `atEnd` (the test's `afterAll`) calls back. */
export function temporaryFolder(atEnd: (remove: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'hoptime-readers-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file and describes it as `findInputs` would. */
export function inputFile(folder: string, name: string, content: string | Uint8Array): InputFile {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { path, display: path, sizeBytes: statSync(path).size, modifiedAt: 0 };
}

/** Reads a whole file with {@link readRecords} and keeps what it said. */
export async function readAll(
  file: InputFile,
  framing: Framing,
  options?: ReadOptions,
): Promise<{ records: SeenRecord[]; result: ReadResult }> {
  const records: SeenRecord[] = [];
  const result = await readRecords(
    file,
    framing,
    (batch) => {
      for (let record = batch.next(); record; record = batch.next()) {
        const seen: SeenRecord = {
          text: Buffer.from(record.bytes.subarray(record.from, record.to)).toString(),
          line: record.line,
        };
        const fields = record.fields;
        if (fields) seen.fields = Object.fromEntries(fields.names.map((name, index) => [name, fields.values[index]]));
        if (record.problem) seen.problem = record.problem;
        records.push(seen);
      }
    },
    options,
  );
  return { records, result };
}
