import type { InputContent } from '../store/input.repository';
import type { RejectedReason } from './tally';

/** How to read files, where they do not say it themselves. */
export interface IngestOptions {
  /** name of a source; without, detected per file */
  format?: string;
  /** IANA zone of stamps without offset */
  timeZone?: string;
  /** year of stamps without one */
  year?: number;
  /** name of the MTA, when the log does not say it or says it wrong */
  mta?: string;
  /** header of the file → field of the source */
  mapping?: Record<string, string>;
  /** CSV exports of HES: what a row is; without, decided per file */
  shape?: string;
  /** take out first what earlier readings of the same files brought */
  replace?: boolean;
}

/** What became of one file. */
export interface FileReport {
  path: string;
  /** null when no format fits */
  format: string | null;
  /** hexadecimal; `hoptime forget` takes it */
  inputId: string | null;
  records: number;
  parsed: number;
  skipped: number;
  rejected: number;
  events: number;
  rejectedReasons: RejectedReason[];
  /** what looks wrong although it could be read */
  warnings: string[];
  /** why the file could not be read, or not to its end, and what to do */
  problem?: string;
  /** the file itself; left out where it was not read to its end */
  content?: InputContent;
}

/** What `hoptime ingest` answers (interfaces.md §3). */
export interface IngestReport {
  files: FileReport[];
  totals: { files: number; records: number; parsed: number; skipped: number; rejected: number; events: number };
  journeys: { total: number } & Record<string, number>;
}

export interface ForgetReport {
  inputs: { inputId: string; path: string; events: number }[];
  journeys: IngestReport['journeys'];
}

export interface IngestProgress {
  file: string;
  bytesRead: number;
  bytesTotal: number;
  records: number;
  phase: 'reading' | 'correlating';
}

export type OnProgress = (progress: IngestProgress) => void;
