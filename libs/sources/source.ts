import type { z } from 'zod';
import type { EventSink } from '../trace/event-draft';
import type { RecordFields } from './fields/record-fields';

/**
 * How a file is cut into records. `lines`: physical lines. `csv`: rows under a header row. `xml`: child elements of the root.
 * `json`: objects (a page with `logs`, an array, one object, or one object per line). `headers`: one mail header block
 * (EML, pasted header text; of an mbox, one per message).
 */
export const FRAMINGS = ['lines', 'csv', 'xml', 'json', 'headers'] as const;
export type Framing = (typeof FRAMINGS)[number];

/** One record as the reader cut it. A view: valid only until the parser returns. */
export interface RawRecord {
  readonly bytes: Uint8Array;
  /** the record is bytes [from, to) of `bytes`, without its line end */
  readonly from: number;
  readonly to: number;
  /** physical line on which the record begins, from 1 */
  readonly line: number;
  /** Present for csv, xml and json framing: names as in the file and values as text (arrays and objects of JSON as JSON text; null and absent as ''). */
  readonly fields?: RecordFields;
  /** Why the reader could not cut or split this record; the consumer rejects it with this reason and does not parse it. */
  readonly problem?: string;
}

/** What became of a record. A skip is a record that speaks of no message; a reject should have been understood and was not. */
export type Outcome = 'events' | { readonly skip: string } | { readonly reject: string };

/** Options that every source understands. What a stamp lacks comes from here. */
export interface CommonOptions {
  /** IANA zone of stamps without offset; undefined = not told */
  timeZone?: string;
  /** year of stamps without year; undefined = from `fileTime` */
  year?: number;
  /** epoch ms of the file's last change: the latest year that does not put a line more than a day after it is taken */
  fileTime: number;
  /** overrides the MTA name of the log */
  mta?: string;
  /** header of the file → field of the source, for headers that the alias table does not know */
  mapping?: Readonly<Record<string, string>>;
}

/** What a source says about a file that may be its own. */
export interface Likeness {
  /** 0 (not mine) … 1 (certain) */
  readonly score: number;
  /** one sentence for `hoptime formats FILE` */
  readonly reason: string;
}

/**
 * One kind of input. Pure: no I/O, no clock, no state between records.
 * `O` are options of the source's own, decided once per file (by `survey` or by the user).
 */
export interface Source<O extends object = object> {
  /** equals the folder name */
  readonly name: string;
  readonly title: string;
  /** what the MTA column `product` says */
  readonly product: string;
  readonly framings: readonly Framing[];
  readonly options: z.ZodType<O>;
  /** How much a sample of a file (its first records) looks like this source. */
  looksLike(sample: readonly RawRecord[], framing: Framing): Likeness;
  /**
   * Decides options that only the whole file tells (is this CSV one row per event?). Called before `parse` with all records
   * of the file in order; returning from the loop early is fine. Absent when a record alone suffices.
   */
  survey?(records: AsyncIterable<RawRecord>, options: CommonOptions): Promise<Partial<O>>;
  /** Returns the parser for one file: options are bound once, caches of headers and stamps live here, records do not influence each other. */
  parser(options: CommonOptions & O): RecordParser;
}

export interface RecordParser {
  /** Turns one record into events. Must not throw for any bytes. */
  parse(record: RawRecord, sink: EventSink): Outcome;
}
