import { createHash } from 'node:crypto';
import type { InputFile, ReadError } from './input-file';
import { errorCode, inputProblem } from './input-problem';
import { fileChunks, firstBytes } from './file-chunks';
import { gunzipped } from './gunzip';
import { PackingBomb } from './inflater';
import { isOutlookItem, LARGEST_OUTLOOK_ITEM, outlookHeaders } from './outlook-item';
import { asUtf8 } from './text-encoding';
import { PLATFORM_ZSTD, unzstd, ZstdProblem, type ZstdDecompressor } from './unzstd';

export interface ReadOptions {
  /** bytes read at a time; default 4 MiB */
  chunkBytes?: number;
  /** decompressed bytes above which an expansion of more than 1000:1 is refused; default 1 GiB */
  bombBytes?: number;
  /** unpacked bytes as they are: not decoded, a byte order mark stays */
  raw?: boolean;
  /** hash the bytes of the file as they are read */
  digest?: boolean;
  /** reads one zstd frame, null where nothing does; default: what this Node.js has */
  zstd?: ZstdDecompressor | null;
}

/** The bytes of a file as they lie on disk. */
export interface ByteDigest {
  /** hexadecimal */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * The decompressed, decoded bytes of one input: UTF-8 without byte order mark. Iterate it once; a chunk is valid until the
 * next one is asked for. It never throws for the file's sake: after the last good byte it ends, and `problem` says why if that
 * was too early.
 */
export interface ByteStream extends AsyncIterable<Buffer> {
  /** bytes read from disk so far (of a gzip file: compressed bytes), for progress against `sizeBytes` */
  readonly bytesRead: number;
  readonly problem: ReadError | undefined;
  /** where it was asked for, once all of the file was read */
  readonly digest: ByteDigest | undefined;
}

/**
 * Opens a plain, gzip or (where Node.js has it) zstd file, UTF-8 or UTF-16 with or without byte order mark; of an Outlook item (MSG) the
 * internet header is the text.
 */
export function openBytes(file: InputFile, options: ReadOptions = {}): ByteStream {
  return new DecodedFile(
    file,
    options.chunkBytes ?? 4 * 1024 * 1024,
    options.bombBytes ?? 1024 ** 3,
    options.raw ?? false,
    options.zstd === undefined ? PLATFORM_ZSTD : (options.zstd ?? undefined),
    options.digest ?? false,
  );
}

class DecodedFile implements ByteStream {
  bytesRead = 0;
  problem: ReadError | undefined;
  digest: ByteDigest | undefined;

  constructor(
    private readonly file: InputFile,
    private readonly chunkBytes: number,
    private readonly bombBytes: number,
    private readonly raw: boolean,
    private readonly zstd: ZstdDecompressor | undefined,
    private readonly digested: boolean,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    try {
      const packing = packingOf(await firstBytes(this.file, 8));
      const { textBytes } = this.file;
      const decoded = (text: AsyncIterable<Buffer>): AsyncIterable<Buffer> => {
        const chunks = textBytes === undefined ? text : beginning(text, textBytes);
        return this.raw ? chunks : asUtf8(chunks);
      };
      if (packing === 'gzip') yield* decoded(gunzipped(this.counted(), this.bombBytes));
      else if (packing === undefined) yield* decoded(this.counted());
      else if (packing === 'msg') yield* this.outlook();
      else if (packing === 'zstd' && this.zstd) yield* decoded(unzstd(this.counted(), this.zstd, this.bombBytes));
      else this.fail(`is packed with ${packing}`, adviceFor(packing));
    } catch (error) {
      if (error instanceof PackingBomb)
        this.fail(error.message, 'if it is what it should be, unpack it and name the unpacked file');
      else if (error instanceof ZstdProblem && error.endsEarly)
        this.fail(error.message, 'the copy is incomplete: copy the file again');
      else if (error instanceof ZstdProblem)
        this.fail(`broken zstd data (${error.message})`, 'copy the file again, or check it with zstd -t');
      else if (errorCode(error) === 'Z_BUF_ERROR')
        this.fail('gzip data ends too early', 'the copy is incomplete: copy the file again');
      else if (errorCode(error).startsWith('Z_'))
        this.fail(`broken gzip data (${String(error)})`, 'copy the file again, or check it with gzip -t');
      else this.problem = { ...inputProblem(this.file.display, error), bytesRead: this.bytesRead };
    }
  }

  private async *counted(): AsyncGenerator<Buffer, void, undefined> {
    const hash = this.digested ? createHash('sha256') : undefined;
    for await (const chunk of fileChunks(this.file, this.chunkBytes)) {
      this.bytesRead += chunk.length;
      hash?.update(chunk);
      yield chunk;
    }
    if (hash) this.digest = { sha256: hash.digest('hex'), sizeBytes: this.bytesRead };
  }

  /** The header of an Outlook item, as text. */
  private async *outlook(): AsyncGenerator<Buffer, void, undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.counted()) {
      chunks.push(Buffer.from(chunk));
      if (this.bytesRead > LARGEST_OUTLOOK_ITEM)
        return this.fail(
          'is an Outlook item larger than 64 MiB',
          'save the message as EML, of which only the header is read',
        );
    }
    const headers = outlookHeaders(Buffer.concat(chunks));
    if ('reason' in headers) this.fail(`is an ${headers.reason}`, headers.advice);
    else yield headers;
  }

  private fail(reason: string, advice: string): void {
    this.problem = { path: this.file.display, reason, advice, bytesRead: this.bytesRead };
  }
}

async function* beginning(chunks: AsyncIterable<Buffer>, length: number): AsyncGenerator<Buffer, void, undefined> {
  let left = length;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

/** What a file is packed with: a compression, or an Outlook item around the header of a mail. */
export type Packing = 'gzip' | 'msg' | keyof typeof UNPACK;

const UNPACK = { zstd: 'zstd -dc', bzip2: 'bzip2 -dc', xz: 'xz -dc', zip: 'unzip -p' } as const;

function adviceFor(packing: keyof typeof UNPACK): string {
  const newer = packing === 'zstd' ? ', or run hoptime with Node.js 22.15 or newer, which reads zstd' : '';
  return `unpack it first, or pipe it: ${UNPACK[packing]} FILE | hoptime ingest -${newer}`;
}

/** Names the packing of a file by its magic bytes; undefined = none known. */
export function packingOf(start: Uint8Array): Packing | undefined {
  const begins = (...magic: number[]): boolean => magic.every((byte, index) => start[index] === byte);
  if (begins(0x1f, 0x8b, 8)) return 'gzip';
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (begins(0x42, 0x5a, 0x68) && start[4] === 0x31 && start[5] === 0x41) return 'bzip2';
  if (begins(0xfd, 0x37, 0x7a, 0x58, 0x5a)) return 'xz';
  if (begins(0x50, 0x4b, 3, 4)) return 'zip';
  if (isOutlookItem(start)) return 'msg';
  return undefined;
}
