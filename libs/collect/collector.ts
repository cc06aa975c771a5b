import { createHash } from 'node:crypto';
import type { Pseudonyms } from '../trace/pseudonyms';
import type { CollectBooks } from './collect-checkpoints';
import { LogApi, TRAFFIC_TYPES, type LogApiOptions, type LogRecord, type TrafficType } from './log-api';
import { LogApiError } from './log-api-error';
import { keptRecord } from './kept-record';
import { PageFolder } from './page-folder';
import { SeenRecords } from './seen-records';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The API reaches back 72 hours (formats.md §1.1); a little less, since asking takes time. */
const REACH_MS = 72 * HOUR - 10 * MINUTE;
/** "The last two hours may be missing" (Trend's KB 1035692): they are asked for again each time. */
export const OVERLAP_MS = 2 * HOUR;
/** One window is one step of the checkpoint. */
const WINDOW_MS = HOUR;
/** A window holds more pages only when the API repeats itself. */
const MOST_PAGES = 20_000;

/** What was collected of one log in one round. */
export interface CollectedLog {
  type: TrafficType;
  /** epoch ms: what was asked for; `to` is the end of the last window that was had whole */
  from: number;
  to: number;
  pages: number;
  records: number;
  /** records that were not there before */
  newRecords: number;
  /** time before `from` that the API does not show any more and that was never collected, ms */
  lostMs: number;
  /** why it ended before its time */
  problem?: string;
}

export interface CollectorOptions extends LogApiOptions {
  /** epoch ms */
  readonly now: () => number;
  readonly onWindow?: (type: TrafficType, done: number, all: number, records: number) => void;
  /** where local parts of addresses are kept as keyed hashes */
  readonly pseudonyms: Pseudonyms | undefined;
  /** runs what writes to the books */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Collects both mail tracking logs into files of a folder. Files first, durable, then the checkpoint: a kill at any moment repeats a window and
 * loses nothing. What the files hold comes into the store, or onto the bus, by {@link unread} and whoever reads them.
 */
export class Collector {
  private readonly api: LogApi;
  private readonly seen = new Map<TrafficType, SeenRecords>();

  private constructor(
    private readonly books: CollectBooks,
    private readonly folder: PageFolder,
    private readonly options: CollectorOptions,
  ) {
    this.api = new LogApi(options);
  }

  static async open(books: CollectBooks, folder: string, options: CollectorOptions): Promise<Collector> {
    return new Collector(books, await PageFolder.open(folder), options);
  }

  /**
   * One round over both logs, from the checkpoint (less the overlap) to now.
   * @param from collect from here (epoch ms) whatever the checkpoint says, as far back as the API reaches
   */
  async collect(from?: number): Promise<CollectedLog[]> {
    const logs: CollectedLog[] = [];
    for (const type of TRAFFIC_TYPES) logs.push(await this.collectLog(type, from));
    return logs;
  }

  /** Files that nobody has read yet. */
  async unread(): Promise<string[]> {
    return this.books.unread((await this.folder.files()).map(({ path }) => path));
  }

  /** Requests sent so far. */
  get requests(): number {
    return this.api.requests;
  }

  close(): Promise<void> {
    return this.api.close();
  }

  private async collectLog(type: TrafficType, wanted: number | undefined): Promise<CollectedLog> {
    const { inTurn, onWindow = () => undefined } = this.options;
    const log = this.logName(type);
    const collectedTo = await this.books.collectedTo(log);
    // Windows begin and end at full seconds, which the names of files can say.
    const now = Math.floor(this.options.now() / 1000) * 1000;
    const reach = now - REACH_MS;
    const from = Math.max(reach, wanted ?? (collectedTo === undefined ? reach : collectedTo - OVERLAP_MS));
    const lostMs = collectedTo !== undefined && wanted === undefined ? Math.max(0, from - collectedTo) : 0;
    const collected: CollectedLog = { type, from, to: from, pages: 0, records: 0, newRecords: 0, lostMs };
    const seen = await this.seenSince(type, from);
    const windows = Math.max(1, Math.ceil((now - from) / WINDOW_MS));
    for (let done = 0; collected.to < now; done++) {
      onWindow(type, done, windows, collected.records);
      const end = Math.min(now, collected.to + WINDOW_MS);
      try {
        await this.collectWindow(collected, end, seen);
      } catch (error) {
        // What is not in a file was not kept, whatever the memory says.
        this.seen.delete(type);
        if (!(error instanceof LogApiError)) throw error;
        collected.problem = error.message;
        return collected;
      }
      collected.to = end;
      if (collectedTo === undefined || end > collectedTo) await inTurn(() => this.books.save(log, end));
    }
    return collected;
  }

  private async collectWindow(collected: CollectedLog, end: number, seen: SeenRecords): Promise<void> {
    const { type, to: start } = collected;
    const tokens = new Set<string>();
    let token = '';
    for (let restarts = 0; tokens.size < MOST_PAGES;) {
      let page;
      try {
        page = await this.api.page({ type, start, end, token });
      } catch (error) {
        // A token that has become too old: what was had is known, so the window is asked for anew.
        if (!(error instanceof LogApiError && error.staleToken) || ++restarts > 3) throw error;
        token = '';
        tokens.clear();
        continue;
      }
      const fresh = this.kept(page.records)
        .filter((record) => seen.add(record, end))
        .map((record) => typed(record, type));
      collected.pages++;
      collected.records += page.records.length;
      if (fresh.length > 0) await this.folder.write(type, start, end, fresh);
      collected.newRecords += fresh.length;
      if (page.nextToken === '') return;
      if (tokens.has(page.nextToken))
        throw new LogApiError('the API repeats a page token: report it to Trend Micro', false);
      tokens.add((token = page.nextToken));
    }
    throw new LogApiError(`the API has more than ${MOST_PAGES} pages for one hour: report it to Trend Micro`, false);
  }

  private kept(records: readonly LogRecord[]): readonly LogRecord[] {
    const { pseudonyms } = this.options;
    return pseudonyms ? records.map((record) => keptRecord(record, pseudonyms)) : records;
  }

  /** Records that are kept already: in memory from the round before, else from the files. */
  private async seenSince(type: TrafficType, from: number): Promise<SeenRecords> {
    const known = this.seen.get(type);
    if (known) {
      known.forgetBefore(from);
      return known;
    }
    const seen = new SeenRecords();
    for (const file of await this.folder.files()) {
      if (file.type !== type || file.end < from) continue;
      for (const record of await this.folder.read(file)) seen.add(record, file.end);
    }
    this.seen.set(type, seen);
    return seen;
  }

  /** Another account is another log. The user's name stays out of the store. */
  private logName(type: TrafficType): string {
    const { root, user } = this.options;
    return `${new URL(root).host} ${createHash('sha256').update(user).digest('hex').slice(0, 12)} ${type}`;
  }
}

/** Records of blocked traffic do not say that they are; the log that they came from does. */
const typed = (record: LogRecord, type: TrafficType): LogRecord =>
  type === 'blocked_traffic' && !('type' in record) ? { ...record, type } : record;
