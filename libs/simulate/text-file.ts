import { closeSync, mkdirSync, openSync, utimesSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { SECOND, type Micros } from './clock';

const CHUNK = 1 << 18;

/** Appends text to a new file in chunks, so that memory does not grow with the file. Errors of the file system are thrown as they come. */
export class TextFile {
  private readonly descriptor: number;
  private pending = '';
  /** lines or records, as the writer counts them */
  records = 0;
  /** Becomes the file's date: readers take the year of RFC 3164 stamps from it. */
  modified: Micros = 0;

  constructor(
    readonly path: string,
    private readonly encoding: 'utf8' | 'utf16le' = 'utf8',
  ) {
    mkdirSync(dirname(path), { recursive: true });
    this.descriptor = openSync(path, 'w');
  }

  write(text: string): void {
    this.pending += text;
    if (this.pending.length > CHUNK) this.writeOut();
  }

  close(): void {
    this.writeOut();
    closeSync(this.descriptor);
    utimesSync(this.path, this.modified / SECOND, this.modified / SECOND);
  }

  private writeOut(): void {
    const bytes = Buffer.from(this.pending, this.encoding);
    for (let done = 0; done < bytes.length;) done += writeSync(this.descriptor, bytes, done);
    this.pending = '';
  }
}
