import type { Bus } from '../bus/bus';
import { BusClosedError } from '../bus/bus';
import { CollectService } from '../collect/collect.service';
import type { TmesConfig } from '../config/config';
import { collectFile, type Collected } from '../ingest/collector';
import type { IngestOptions } from '../ingest/ingest-report';
import { Outbox } from '../ingest/outbox';
import { CollectorTarget } from '../live/collector-target';
import type { LiveStatus } from '../live/live-status';
import { COLLECTOR_TIMING } from '../live/live-options';
import { LiveService } from '../live/live.service';
import { findInputs } from '../sources/readers/find-inputs';
import { isInputProblem } from '../sources/readers/input-file';
import { releaseStore, takeStore } from '../store/store-lock';
import { WriteTurn } from '../store/write-turn';
import type { Pseudonyms } from '../trace/pseudonyms';
import { FolderCollectBooks } from './folder-collect-books';
import type { Sources } from './worker';

/** What came of small files is put on the bus, and noted, so many at a time; of a large one at once. */
const FILES_AT_A_TIME = 200;
const LARGE_FILE_BYTES = 1024 * 1024;

/** Reads what its sources name onto the bus: files once; watched folders, syslog and Trend's API for as long as it runs. */
export class CollectorWorker {
  private readonly target: CollectorTarget;
  private readonly live: LiveService;
  private collected: { readonly books: FolderCollectBooks; readonly service: CollectService } | undefined;
  private stopping = false;
  private ending: Promise<void> | undefined;
  /** it watches, listens or asks, so it goes on for ever */
  readonly follows: boolean;
  /** resolves when the files that are read once have been read */
  readAll: Promise<void> = Promise.resolve();

  /** @throws Error where another collector uses the folder */
  constructor(
    folder: string,
    bus: Bus,
    private readonly sources: Sources,
    private readonly note: (sentence: string) => void,
    pseudonyms?: Pseudonyms,
    /** Trend's API, when it is this collector's to ask */
    private readonly tmes?: TmesConfig,
  ) {
    this.follows = this.listens || tmes !== undefined;
    this.target = new CollectorTarget(folder, bus, pseudonyms);
    try {
      takeStore(this.target.folder);
    } catch (error) {
      throw new Error(
        `COLLECTOR_FOLDER ${this.target.folder} belongs to another collector that runs: give each its own`,
        {
          cause: error,
        },
      );
    }
    this.live = new LiveService(this.target, new WriteTurn(), COLLECTOR_TIMING);
  }

  /** bytes of followed files that are not on the bus yet */
  lag(): number {
    return this.live.status().lag;
  }

  status(): LiveStatus | null {
    return this.live.status();
  }

  /** Begins. */
  async start(): Promise<void> {
    const { paths, watch, syslogHost, syslogPort, options } = this.sources;
    if (this.listens) {
      await this.live.start({ watch, syslogHost, syslogPort, ingest: options, onNote: this.note });
      for (const { name } of this.live.status().syslog) this.note(`listening as ${name}`);
    }
    if (this.tmes) this.collect(this.tmes);
    this.readAll = this.readOnce(paths, options).catch((error: unknown) => {
      if (!(error instanceof BusClosedError)) throw error;
    });
    // Told by whoever waits for it, or not at all.
    this.readAll.catch(() => undefined);
  }

  /** Ends after what is under way; what was read is on the bus and noted. */
  stop(): Promise<void> {
    this.ending ??= this.end();
    return this.ending;
  }

  private async end(): Promise<void> {
    this.stopping = true;
    await Promise.all([this.live.stop(), this.collected?.service.stop()]);
    this.collected?.books.close();
    await this.readAll.catch(() => undefined);
    this.target.close();
    releaseStore(this.target.folder);
  }

  private get listens(): boolean {
    return this.sources.watch.length > 0 || this.sources.syslogPort !== undefined;
  }

  private collect(access: TmesConfig): void {
    const { target, note } = this;
    const books = new FolderCollectBooks(target);
    const into = {
      books,
      pseudonyms: target.pseudonyms,
      folder: target.folder,
      inTurn: <T>(work: () => Promise<T>) => work(),
      read: (files: readonly string[]) => this.readOnce(files, { format: 'trend-email-security' }),
    };
    this.collected = { books, service: new CollectService(into, note) };
    this.collected.service.start(access);
  }

  private async readOnce(paths: readonly string[], options: IngestOptions): Promise<void> {
    const { target, note } = this;
    const known = new Map<string, string[]>();
    for (const { path, inputId } of await target.books.find()) known.set(path, [...(known.get(path) ?? []), inputId]);
    const outbox = new Outbox(target.bus);
    let held: Collected[] = [];
    const settle = async (): Promise<void> => {
      await outbox.flush();
      for (const collected of held) this.settled(collected);
      held = [];
    };
    for await (const input of findInputs([...paths])) {
      if (this.stopping) break;
      if (isInputProblem(input)) {
        note(`${input.path}: ${input.reason}; ${input.advice}`);
        continue;
      }
      const ids = known.get(input.path) ?? [];
      held.push(await collectFile(outbox, input, options, ids, undefined, target.pseudonyms));
      if (held.length >= FILES_AT_A_TIME || (input.sizeBytes ?? Infinity) > LARGE_FILE_BYTES) await settle();
    }
    await settle();
  }

  /** A file is on the bus for good. */
  private settled({ report, row }: Collected): void {
    if (row) this.target.note(row);
    const { path, records, parsed, skipped, rejected, events, problem } = report;
    this.note(
      `${path}: ${records} records, ${parsed} parsed, ${skipped} skipped, ${rejected} rejected; ${events} events on the bus` +
        (problem ? `; ${problem}` : ''),
    );
  }
}
