import type { Transform } from 'node:stream';

/** What of log data comes near is nonsense: gzip expands by 1032 at most. */
const BOMB_RATIO = 1000;
/** Compressed bytes given to zlib at a time: what comes of them (of gzip data at most 16 MiB) is in memory at once. */
export const SLICE = 16 * 1024;
const OUTPUT = 1024 * 1024;

/** The data expands beyond all reason; `message` says so. */
export class PackingBomb extends Error {}

/** Feeds one of zlib's streams piece by piece and gathers what comes out. */
export class Inflater {
  bytesIn = 0;
  bytesOut = 0;
  /** zlib's error; what came before it can still be taken */
  failure: Error | undefined;
  private ready: Buffer[] = [];
  private readyBytes = 0;
  // After an error zlib calls back no writer, so closing wakes whoever waits.
  private wake: () => void = () => undefined;

  constructor(private readonly stream: Transform) {
    stream.on('data', (bytes: Buffer) => {
      this.ready.push(bytes);
      this.readyBytes += bytes.length;
      this.bytesOut += bytes.length;
    });
    stream.on('error', (error) => (this.failure = error));
    stream.on('close', () => this.wake());
  }

  get hasMuch(): boolean {
    return this.readyBytes >= OUTPUT;
  }

  get hasAny(): boolean {
    return this.readyBytes > 0;
  }

  /** Resolves when the bytes are used up: zlib works in another thread, and their buffer may be used again. */
  async write(bytes: Buffer): Promise<void> {
    await new Promise<void>((done) => {
      this.wake = done;
      this.stream.write(bytes, () => done());
    });
    this.bytesIn += bytes.length;
  }

  /** Resolves when everything has come out. */
  async end(): Promise<void> {
    if (this.failure) return;
    await new Promise<void>((done) => {
      this.wake = done;
      this.stream.end();
    });
  }

  /** Hands over what came out. */
  take(): Buffer {
    const bytes = this.ready.length === 1 ? this.ready[0] : Buffer.concat(this.ready, this.readyBytes);
    this.ready = [];
    this.readyBytes = 0;
    return bytes;
  }

  destroy(): void {
    this.stream.destroy();
  }
}

/** Stops data that expand beyond all reason. */
export class BombGuard {
  constructor(
    private readonly packing: string,
    private readonly bombBytes: number,
  ) {}

  /** @throws PackingBomb */
  check({ bytesIn, bytesOut }: { readonly bytesIn: number; readonly bytesOut: number }): void {
    if (bytesOut > this.bombBytes && bytesOut > bytesIn * BOMB_RATIO)
      throw new PackingBomb(`${this.packing} data that expands more than ${BOMB_RATIO}:1`);
  }
}
