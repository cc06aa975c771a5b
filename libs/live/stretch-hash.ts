import { createSHA256, type IHasher } from 'hash-wasm';
import type { StretchDigest } from './checkpoint';

/** SHA-256 takes its input in blocks of so many bytes (FIPS 180-4 §1). */
const BLOCK_BYTES = 64;

/** One for all: each use begins by loading a state, and ends before anybody else can begin. Node's own hash cannot say its state. */
let shared: Promise<{ sha256: IHasher; initial: Uint8Array }> | undefined;

// Saved before anything else: later `init` leaves the last bytes that were hashed where they lie.
const opened = async (): Promise<{ sha256: IHasher; initial: Uint8Array }> => {
  const sha256 = await createSHA256();
  return { sha256, initial: sha256.save() };
};

/**
 * SHA-256 of a stretch [0, position) of a file, which goes on as the file grows, in this process or in the next one: its state is text. The state is that at the
 * last whole block before the position, so that nothing of what the file says is in it.
 */
export class StretchHash {
  private constructor(
    private readonly sha256: IHasher,
    private state: Uint8Array,
    private rest: Buffer,
  ) {}

  /**
   * Goes on from a position; undefined where the state there is not known, as that of another version of the library.
   * @param tail what is before the position: at least what is behind the last whole block
   */
  static async from(hashState: string, position: number, tail: Buffer): Promise<StretchHash | undefined> {
    const { sha256, initial } = await (shared ??= opened());
    if (position === 0) return new StretchHash(sha256, initial, Buffer.alloc(0));
    const state = Buffer.from(hashState, 'base64');
    try {
      sha256.load(state);
    } catch {
      return undefined;
    }
    const rest = position % BLOCK_BYTES;
    return new StretchHash(sha256, state, Buffer.from(tail.subarray(tail.length - rest)));
  }

  /** Takes the next bytes, and answers for the stretch that ends `length` bytes into them. */
  push(chunk: Buffer, length: number): StretchDigest {
    this.take(chunk.subarray(0, length));
    const hashState = Buffer.from(this.state).toString('base64');
    const sha256 = this.sha256.load(this.state).update(this.rest).digest('hex');
    this.take(chunk.subarray(length));
    return { sha256, hashState };
  }

  /** Whole blocks only go into the state: an unfinished one would be kept in it as it is. */
  private take(bytes: Buffer): void {
    const head = bytes.subarray(0, this.rest.length === 0 ? 0 : BLOCK_BYTES - this.rest.length);
    const begun = Buffer.concat([this.rest, head]);
    const behind = bytes.subarray(head.length);
    if (begun.length > 0 && begun.length < BLOCK_BYTES) {
      this.rest = begun;
      return;
    }
    const whole = behind.length - (behind.length % BLOCK_BYTES);
    this.state = this.sha256.load(this.state).update(begun).update(behind.subarray(0, whole)).save();
    this.rest = Buffer.from(behind.subarray(whole));
  }
}
