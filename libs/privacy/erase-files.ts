import { open, readdir, rm, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { asRegExp, type AddressTrace } from './address-trace';
import { FOLDERS } from './kept-files';

const PIECE = 1024 * 1024;
/** Longer than any address (RFC 5321 §4.5.3.1.3) with what stands around it. */
const OVERLAP = 1024;

/** Files below the store that hold records as they came and name the address, with how often. */
export async function filesNaming(storePath: string, trace: AddressTrace): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const folder of FOLDERS) {
    for (const name of await readdir(join(storePath, folder)).catch(() => [] as string[])) {
      const path = join(storePath, folder, name);
      if (!(await stat(path)).isFile()) continue;
      for await (const place of placesIn(path, trace)) if (place >= 0) found.set(path, (found.get(path) ?? 0) + 1);
    }
  }
  return found;
}

/**
 * Takes the address out of files: a plain one keeps its length, with another local part in its place, so what was read of it and how far stays
 * true; a packed one is removed.
 */
export async function eraseFromFiles(paths: Iterable<string>, trace: AddressTrace): Promise<void> {
  for (const path of paths) {
    if (await isPacked(path)) {
      await rm(path);
      continue;
    }
    const file = await open(path, 'r+');
    try {
      const mask = Buffer.from(trace.mask);
      for await (const place of placesIn(path, trace)) await file.write(mask, 0, mask.length, place);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

/** Where, in bytes of the unpacked text, the local part begins each time. */
async function* placesIn(path: string, trace: AddressTrace): AsyncGenerator<number> {
  const pattern = asRegExp(trace.pattern);
  let text = '';
  let begins = 0;
  let done = 0;
  for await (const chunk of await unpacked(path)) {
    // One character a byte, so places are places in the file.
    text += (chunk as Buffer).toString('latin1');
    for (const match of text.matchAll(pattern)) {
      const place = begins + match.index + (match[1] ?? match[4]).length;
      if (place >= done && match.index + match[0].length < text.length) {
        yield place;
        done = place + 1;
      }
    }
    const cut = Math.max(0, text.length - OVERLAP);
    begins += cut;
    text = text.slice(cut);
  }
  for (const match of text.matchAll(pattern)) {
    const place = begins + match.index + (match[1] ?? match[4]).length;
    if (place >= done) yield place;
  }
}

async function unpacked(path: string): Promise<NodeJS.ReadableStream> {
  const stream = createReadStream(path, { highWaterMark: PIECE });
  if (!(await isPacked(path))) return stream;
  const gunzip = createGunzip();
  stream.on('error', (error) => gunzip.destroy(error));
  return stream.pipe(gunzip);
}

async function isPacked(path: string): Promise<boolean> {
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0).finally(() => file.close());
  return buffer[0] === 0x1f && buffer[1] === 0x8b;
}
