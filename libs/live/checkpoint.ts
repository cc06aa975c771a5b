import type { Framing } from '../sources/source';

/** Where a file is, and how it looked there. */
export interface Place {
  readonly path: string;
  /** decimal, as the system counts them */
  readonly device: string;
  readonly inode: string;
  /** bytes */
  readonly size: number;
  /** epoch ms, with fractions where the file system has them */
  readonly modifiedMs: number;
}

/** What a stretch of a file said. The books balance: records = parsed + skipped + rejected. */
export interface Books {
  readonly records: number;
  readonly parsed: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly events: number;
  /** latest time that an event told, epoch ms; −1 = none */
  readonly lastEventMs: number;
}

export const NO_BOOKS: Books = { records: 0, parsed: 0, skipped: 0, rejected: 0, events: 0, lastEventMs: -1 };

/** By what a stretch [0, position) of a file is known again, whatever the file is called now. */
export interface Fingerprint {
  /** bytes of the head that are in `head`: the first 4 KiB, less in a shorter stretch */
  readonly headBytes: number;
  /** hash of the head */
  readonly head: string;
  /** hash of the last 256 bytes before the position, less in a shorter stretch */
  readonly tail: string;
}

/** What a stretch [0, position) of a file is. */
export interface StretchDigest {
  /** hexadecimal SHA-256 of its bytes; '' = not known */
  readonly sha256: string;
  /** what the hash goes on from (`stretch-hash.ts`); '' = it cannot */
  readonly hashState: string;
}

/** The digest of a stretch that nobody has hashed. */
export const NO_DIGEST: StretchDigest = { sha256: '', hashState: '' };

/** How far a followed file has been read: everything before the position is in the store. */
export interface Progress extends Fingerprint, StretchDigest {
  /** bytes of the unpacked file; of a document: of the file as it lies */
  readonly position: number;
  /** physical lines before the position */
  readonly lines: number;
  /** what a framer needs before it can go on at the position */
  readonly prologue: string;
}

/** What the store keeps of a watched file. Immutable: reading on makes a new one. */
export interface Checkpoint extends Place, Progress, Books {
  /** decimal 64-bit hash */
  readonly inputId: string;
  /** followed: read on as it grows; document: read as a whole when it has changed */
  readonly manner: 'followed' | 'document';
  /** the file is gzip; `size` then counts packed bytes */
  readonly packed: boolean;
  readonly format: string;
  readonly framing: Framing;
  /** JSON, as in `inputs` */
  readonly options: string;
  /** JSON */
  readonly surveyed: string;
}

export const sumOf = (a: Books, b: Books): Books => ({
  records: a.records + b.records,
  parsed: a.parsed + b.parsed,
  skipped: a.skipped + b.skipped,
  rejected: a.rejected + b.rejected,
  events: a.events + b.events,
  lastEventMs: Math.max(a.lastEventMs, b.lastEventMs),
});

/** A place as one text; the same file has the same after it was renamed. */
export const placeKey = ({ device, inode }: Pick<Place, 'device' | 'inode'>): string => `${device}:${inode}`;
