import type { CorrelationStatus } from './live-ingest';
import type { ListenerStatus } from './syslog-listener';
import type { Waiting } from './sighting';

/** A watched file as pages and metrics show it. Sizes in bytes, times in epoch ms, null = unknown. */
export interface WatchedFileStatus {
  path: string;
  /** how people call it: the path, or the name of a listener */
  name: string;
  /** hexadecimal, as `hoptime forget` takes it; null while it is no input */
  inputId: string | null;
  /**
   * following: read as it grows; read: read as a whole; settling: waits until it does not grow; copy: another name of an input;
   * forgotten: stays out; gone: not there any more, but known
   */
  state: 'following' | 'read' | 'gone' | Waiting;
  format: string | null;
  size: number | null;
  /** unpacked bytes that are in the store */
  offset: number | null;
  /** bytes that are not read yet */
  lag: number | null;
  records: number;
  parsed: number;
  skipped: number;
  rejected: number;
  events: number;
  lastError: string | null;
  /** what looks wrong although it could be read */
  warning: string | null;
  lastEventAt: number | null;
  lastReadAt: number | null;
}

/** What live input does, as plain values. */
export interface LiveStatus {
  running: boolean;
  watch: string[];
  files: WatchedFileStatus[];
  /** bytes of all files that are not read yet */
  lag: number;
  correlations: CorrelationStatus;
  syslog: ListenerStatus[];
  /** why the store takes nothing now */
  lastError: string | null;
}
