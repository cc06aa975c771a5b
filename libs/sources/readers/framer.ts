import type { RecordFields } from '../fields/record-fields';
import type { RawRecord } from '../source';

/** The bytes of one chunk as records. */
export interface RecordBatch {
  /**
   * The next record, or undefined when the batch is used up. The same object every time: it and its bytes are valid only until
   * the next call.
   */
  next(): RawRecord | undefined;
}

/**
 * Cuts a stream of bytes into records. Give it a chunk, take records until there are none, give it the next chunk; after the
 * last chunk `end`, and take what is left. It copies what it needs of a chunk, which may be used again afterwards. Where the
 * chunks were cut makes no difference to the records.
 */
export interface Framer extends RecordBatch {
  push(chunk: Buffer): void;
  end(): void;
}

/** The one record that a framer fills again and again. */
export class ReusedRecord implements RawRecord {
  bytes: Buffer = NONE;
  from = 0;
  to = 0;
  line = 0;
  fields: RecordFields | undefined = undefined;
  problem: string | undefined = undefined;
}

export const NONE = Buffer.alloc(0);
export const KIB = 1024;
export const MIB = 1024 * 1024;
/** Of a record that is too long this much is kept, to show it. */
export const KEPT_OF_TOO_LONG = 64 * KIB;
