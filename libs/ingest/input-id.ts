import { createHash } from 'node:crypto';
import { firstBytes } from '../sources/readers/file-chunks';
import type { InputFile } from '../sources/readers/input-file';

const HEAD_BYTES = 256;

/**
 * The identity of an input: its path and how it begins. Reading a file again, or after it has grown, is the same input; a log that was
 * rotated away and begun anew under the same name is another one. Decimal text of a 64-bit number.
 * @param known ids of inputs of the same path that the store has: one of them stays the id of a file that was shorter than its beginning
 * when it was first read, and has grown since
 */
export async function inputIdOf(file: InputFile, known: readonly string[] = []): Promise<string> {
  const head = await firstBytes(file, HEAD_BYTES);
  const whole = idOf(file.path, head);
  if (known.length === 0 || known.includes(whole)) return whole;
  const earlier = new Set(known);
  for (let length = head.length - 1; length > 0; length--) {
    const id = idOf(file.path, head.subarray(0, length));
    if (earlier.has(id)) return id;
  }
  return whole;
}

function idOf(path: string, head: Uint8Array): string {
  const digest = createHash('sha256').update(path).update('\0').update(head).digest();
  return String(digest.readBigUInt64LE(0));
}

/** The id as the program shows it. */
export function shownInputId(inputId: string): string {
  return BigInt(inputId).toString(16).padStart(16, '0');
}
