import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Transform, Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { IngestOptions, IngestReport } from '../ingest/ingest-report';
import type { IngestService } from '../ingest/ingest.service';
import type { WriteTurn } from '../store/write-turn';
import { ProblemError } from './problem-error';
import { OWN_FOLDER } from '../store/own-folder';

/** Largest upload, and what it may unpack to, in bytes. */
export interface UploadLimits {
  readonly bytes: number;
  readonly unpackedBytes: number;
  /** works on the store that may be pending before an upload is refused */
  readonly pending: number;
}

export const DEFAULT_UPLOAD_LIMITS: UploadLimits = { bytes: 4 * 2 ** 30, unpackedBytes: 64 * 2 ** 30, pending: 8 };

/** deflate cannot shrink more than this: a smaller gzip file cannot unpack to more than the limit */
const MOST_DEFLATE = 1032;
const ANSWER = '.answer.json';
const RETRY_AFTER_SECONDS = 10;

interface Remembered {
  readonly sha256: string;
  readonly options: IngestOptions;
  readonly report: IngestReport;
}

/**
 * Files that come over HTTP. They are kept below the store, under a name that is a function of their content: the same upload is the same
 * input, however often it comes (delay model §4), `replay` can read it again, and the evidence of a journey can be shown.
 */
export class Uploads {
  private readonly folder: string;
  private readonly running = new Set<string>();
  /** how many requests have sent the file of a path that is not read yet */
  private readonly unread = new Map<string, number>();

  constructor(
    storePath: string,
    private readonly ingest: IngestService,
    private readonly turn: WriteTurn,
    private readonly limits: UploadLimits = DEFAULT_UPLOAD_LIMITS,
    /** false: a file goes when it has been read, since it holds addresses in clear */
    private readonly keeps = true,
  ) {
    this.folder = join(storePath, 'uploads');
    mkdirSync(this.folder, OWN_FOLDER);
    if (!keeps) removeFiles(this.folder);
  }

  /**
   * Reads a body to its end and ingests it. With an idempotency key the answer is remembered: the same request again gets it without any
   * work, also after a restart.
   * @throws ProblemError 409 while the same key is at work, 413 too large, 422 the key was used for another request, 429 too much is waiting
   */
  async receive(body: Readable, name: string, options: IngestOptions, key?: string): Promise<IngestReport> {
    if (this.turn.pending >= this.limits.pending) {
      throw new ProblemError(429, 'Too many uploads are waiting: send this one again in a moment.', {
        retryAfter: RETRY_AFTER_SECONDS,
      });
    }
    if (key === undefined) return this.ingested(await this.saved(body, name), name, options);
    if (this.running.has(key)) {
      throw new ProblemError(409, 'A request with this Idempotency-Key is at work: ask again when it is done.', {
        parameter: 'Idempotency-Key',
      });
    }
    this.running.add(key);
    try {
      const file = await this.saved(body, name);
      const before = await this.remembered(key);
      if (before) {
        await this.done(file.path);
        return sameRequest(before, file.sha256, options);
      }
      const report = await this.ingested(file, name, options);
      const remember: Remembered = { sha256: file.sha256, options, report };
      await writeFile(this.answerFile(key), JSON.stringify(remember));
      return report;
    } finally {
      this.running.delete(key);
    }
  }

  private async saved(body: Readable, name: string): Promise<{ path: string; sha256: string }> {
    const part = join(this.folder, `${randomUUID()}.part`);
    const hash = createHash('sha256');
    let bytes = 0;
    const { limits } = this;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        hash.update(chunk);
        if (bytes > limits.bytes)
          done(new ProblemError(413, `The upload is larger than ${limits.bytes} bytes: split it.`));
        else done(null, chunk);
      },
    });
    try {
      await pipeline(body, counted, createWriteStream(part));
      if (bytes === 0) throw new ProblemError(400, 'The body is empty: send the file itself as the body.');
      await this.checkUnpacked(part, bytes);
      const sha256 = hash.digest('hex');
      const path = join(this.folder, `${sha256.slice(0, 16)}-${safeName(name)}`);
      this.unread.set(path, (this.unread.get(path) ?? 0) + 1);
      await rename(part, path);
      return { path, sha256 };
    } catch (error) {
      if (isDiskFull(error))
        throw new ProblemError(507, 'The disk of the store is full: make room, then send it again.');
      throw error;
    } finally {
      await rm(part, { force: true });
    }
  }

  private async checkUnpacked(path: string, bytes: number): Promise<void> {
    if (bytes * MOST_DEFLATE <= this.limits.unpackedBytes || !(await isGzip(path))) return;
    let unpacked = 0;
    const { unpackedBytes } = this.limits;
    const counter = new Writable({
      write(chunk: Buffer, _encoding, done) {
        unpacked += chunk.length;
        done(
          unpacked > unpackedBytes
            ? new ProblemError(413, `The upload unpacks to more than ${unpackedBytes} bytes: split it.`)
            : null,
        );
      },
    });
    try {
      await pipeline(createReadStream(path), createGunzip(), counter);
    } catch (error) {
      // A damaged gzip file is read as far as it goes, as anywhere else; the report names it.
      if (error instanceof ProblemError) throw error;
    }
  }

  private async ingested(file: { path: string }, name: string, options: IngestOptions): Promise<IngestReport> {
    const report = await this.turn
      .run(() => this.ingest.ingest([file.path], options))
      .finally(() => this.done(file.path));
    return { ...report, files: report.files.map((answer) => ({ ...answer, path: name })) };
  }

  private async done(path: string): Promise<void> {
    const others = (this.unread.get(path) ?? 1) - 1;
    if (others > 0) this.unread.set(path, others);
    else this.unread.delete(path);
    if (others === 0 && !this.keeps) await rm(path, { force: true });
  }

  private async remembered(key: string): Promise<Remembered | undefined> {
    try {
      return JSON.parse(await readFile(this.answerFile(key), 'utf8')) as Remembered;
    } catch {
      return undefined;
    }
  }

  private answerFile(key: string): string {
    return join(this.folder, `${createHash('sha256').update(key).digest('hex')}${ANSWER}`);
  }
}

function sameRequest(before: Remembered, sha256: string, options: IngestOptions): IngestReport {
  if (before.sha256 === sha256 && JSON.stringify(before.options) === JSON.stringify(options)) return before.report;
  throw new ProblemError(422, 'This Idempotency-Key was used for another request: take a new one for each upload.', {
    parameter: 'Idempotency-Key',
  });
}

/** What a program that was killed had not read to its end. */
function removeFiles(folder: string): void {
  for (const name of readdirSync(folder)) if (!name.endsWith(ANSWER)) rmSync(join(folder, name), { force: true });
}

async function isGzip(path: string): Promise<boolean> {
  for await (const chunk of createReadStream(path, { start: 0, end: 1 })) {
    const [first, second] = chunk as Buffer;
    return first === 0x1f && second === 0x8b;
  }
  return false;
}

/** A name that is safe in a path and still says what the file is. */
function safeName(name: string): string {
  return (
    basename(name.replaceAll('\\', '/'))
      .replace(/[^\w.-]+/g, '_')
      .replace(/^\.+/, '')
      .slice(-100) || 'upload'
  );
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
