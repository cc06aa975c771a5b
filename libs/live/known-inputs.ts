import { placeKey, type Checkpoint } from './checkpoint';
import { digest } from './fingerprint';
import { type WatchedInput } from './watched-input';

/** Below this a beginning is too little to know a file by. */
const ENOUGH_BYTES = 256;

/** All inputs that were read from watched files, now or in an earlier run. */
export class KnownInputs {
  private readonly byId = new Map<string, WatchedInput>();
  private readonly byPlace = new Map<string, WatchedInput>();

  get all(): IterableIterator<WatchedInput> {
    return this.byId.values();
  }

  withId(inputId: string): WatchedInput | undefined {
    return this.byId.get(inputId);
  }

  /** The input whose file is this one by device and inode; its content may have become another. */
  at(place: Pick<Checkpoint, 'device' | 'inode'>): WatchedInput | undefined {
    return this.byPlace.get(placeKey(place));
  }

  /** Adds an input; where a place has two, the one added first stays. */
  add(input: WatchedInput): void {
    this.byId.set(input.checkpoint.inputId, input);
    if (!this.byPlace.has(input.key)) this.byPlace.set(input.key, input);
  }

  /** The input goes on from a new checkpoint: read further, or found elsewhere. */
  move(input: WatchedInput, checkpoint: Checkpoint): void {
    if (placeKey(checkpoint) !== input.key || this.byPlace.get(input.key) !== input) {
      this.leave(input);
      input.checkpoint = checkpoint;
      this.byPlace.set(input.key, input);
    }
    input.checkpoint = checkpoint;
    input.attached = true;
  }

  /** Its file is no longer where it was, or is another one now. */
  leave(input: WatchedInput): void {
    if (this.byPlace.get(input.key) === input) this.byPlace.delete(input.key);
    input.attached = false;
  }

  remove(input: WatchedInput): void {
    this.leave(input);
    this.byId.delete(input.checkpoint.inputId);
  }

  /** Followed inputs that begin like `head` (the first 4 KiB of a file), those read farthest first. */
  beginningLike(head: Buffer): WatchedInput[] {
    const digests = new Map<number, string>();
    const digestOf = (length: number): string => {
      const known = digests.get(length) ?? digest(head.subarray(0, length));
      digests.set(length, known);
      return known;
    };
    return [...this.byId.values()]
      .filter(({ checkpoint }) => checkpoint.manner === 'followed' && checkpoint.position >= ENOUGH_BYTES)
      .filter(
        ({ checkpoint }) => checkpoint.headBytes <= head.length && digestOf(checkpoint.headBytes) === checkpoint.head,
      )
      .sort((a, b) => b.checkpoint.position - a.checkpoint.position);
  }
}
