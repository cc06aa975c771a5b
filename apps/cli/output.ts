import { writeFile } from 'node:fs/promises';
import { asDiskFull } from '../../libs/store/disk-full';

/** Writes to stdout and waits until it is taken, so that a slow reader bounds memory. */
export function print(text: string): Promise<void> {
  return write(process.stdout, text);
}

const PIECE = 64 * 1024;

/** Writes many small texts in pieces of some size: a write for each of a million lines would cost more than all else. */
export async function printAll(texts: AsyncIterable<string>): Promise<void> {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < PIECE) continue;
    await print(piece);
    piece = '';
  }
  if (piece) await print(piece);
}

/** Writes a line to stderr, where everything goes that is not the answer. */
export function note(text: string): Promise<void> {
  return write(process.stderr, text.endsWith('\n') ? text : `${text}\n`);
}

/** A text of other people's mail for a terminal, which obeys control characters: all but the ends of lines and tabs are `?`. */
export const printable = (text: string): string => text.replace(/[^\P{Cc}\n\t]/gu, '?');

/** The same of UTF-8 that comes in pieces, wherever these were cut. */
export async function* printableBytes(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  for await (const chunk of bytes) yield Buffer.from(printable(decoder.decode(chunk, { stream: true })));
  yield Buffer.from(printable(decoder.decode()));
}

/** One JSON document on stdout. */
export function printJson(document: unknown): Promise<void> {
  return print(`${JSON.stringify(document, null, 2)}\n`);
}

function write(stream: NodeJS.WriteStream, text: string | Uint8Array): Promise<void> {
  return new Promise((done, fail) => {
    stream.write(text, (error) => (error ? fail(asDiskFull(error, 'standard output')) : done()));
  });
}

/** Bytes to stdout, for formats that are no text. */
export function printBytes(bytes: Uint8Array): Promise<void> {
  return write(process.stdout, bytes);
}

/** Writes a file. @throws DiskFullError */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    throw asDiskFull(error, path);
  }
}

/** `hoptime journeys | head`: when the reader has seen enough, that is no failure. Of other errors each write tells. */
export function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
    });
  }
}
