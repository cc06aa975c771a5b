import { createHash } from 'node:crypto';
import { firstBytes } from '../sources/readers/file-chunks';
import type { InputFile } from '../sources/readers/input-file';

const HEAD_BYTES = 256;

/**
 * The identity of an input: its path and how it begins. Reading a file again, or after it has grown, is the same input; a log that was
 * rotated away and begun anew under the same name is another one. Decimal text of a 64-bit number.
 */
export async function inputIdOf(file: InputFile): Promise<string> {
  const head = await firstBytes(file, HEAD_BYTES);
  const digest = createHash('sha256').update(file.path).update('\0').update(head).digest();
  return String(digest.readBigUInt64LE(0));
}

/** The id as the program shows it. */
export function shownInputId(inputId: string): string {
  return BigInt(inputId).toString(16).padStart(16, '0');
}
