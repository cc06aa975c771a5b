import type { IngestOptions } from '../ingest/ingest-report';

/** What is to be taken in while the program runs. */
export interface LiveOptions {
  /** folders (with all below), globs and files */
  readonly watch?: readonly string[];
  /** port of the syslog listener, UDP and TCP; 0 = any free one; undefined = none */
  readonly syslogPort?: number;
  /** address that the syslog listener binds to; default 127.0.0.1 */
  readonly syslogHost?: string;
  /** how to read files, where they do not say it themselves */
  readonly ingest?: IngestOptions;
  /** takes one sentence about what somebody should know: a file that cannot be read, a store that is full */
  readonly onNote?: (sentence: string) => void;
}

/** Times of live input, in ms. */
export interface LiveTiming {
  /** between two looks at all watched files, at least; wake-ups come sooner */
  readonly pollMs: number;
  /** from the beginning of one round of reading to the next, at least: what comes meanwhile is one batch */
  readonly batchMs: number;
  /** so long a file must not have grown to be read as a whole, and to be begun while it is shorter than its identity needs */
  readonly settleMs: number;
  /** so long a CSV file must not have grown for its last row to be taken without a line end: exports often lack it */
  readonly rowTailMs: number;
  /** the same for the last line of a log: half a line is rarely more than a write under way */
  readonly lineTailMs: number;
}

export const LIVE_TIMING: LiveTiming = {
  pollMs: 1000,
  batchMs: 1000,
  settleMs: 2000,
  rowTailMs: 5000,
  lineTailMs: 60_000,
};

/** Of a collector, whose rounds cost no correlation, and which stands at the beginning of a longer way. */
export const COLLECTOR_TIMING: LiveTiming = { ...LIVE_TIMING, batchMs: 400 };
