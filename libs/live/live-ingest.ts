import { sep } from 'node:path';
import { restfulMs } from '../ingest/backlog-wait';
import { findInputs } from '../sources/readers/find-inputs';
import { isInputProblem, type InputFile } from '../sources/readers/input-file';
import type { WriteTurn } from '../store/write-turn';
import { InputReader } from './input-reader';
import { KnownInputs } from './known-inputs';
import type { LiveTarget } from './live-target';
import { WatchedFiles, type WatchedFilesContext } from './watched-files';
import type { WatchedInput } from './watched-input';

/** Looking at all files shall take no more than this share of the time. */
const SCAN_SHARE = 0.05;
/** Between two saves of books and checkpoints, at most about this long. */
const SAVE_MS = 1000;
/** So long is read at least before figures are brought up to date in the middle of it. */
const LONG_READ_MS = 3000;
const LONGEST_RETRY_MS = 30_000;

export interface LiveIngestSettings extends Omit<WatchedFilesContext, 'known' | 'reader' | 'forgotten'> {
  readonly targets: readonly string[];
  /** ingesting, forgetting and correlating by others wait for a round, and a round for them */
  readonly turn: WriteTurn;
}

/** What became of the journeys. Times are epoch ms. */
export interface CorrelationStatus {
  count: number;
  lastMs: number | null;
  lastAt: number | null;
  running: boolean;
}

/**
 * The loop of live input: look at the watched files, read what is new into the store, save books and checkpoints, bring the journeys
 * up to date. Its steps never overlap: while one correlation runs, files and the syslog spool keep what comes. While there is more to
 * read than can be read at once, correlating takes at most half of the time.
 */
export class LiveIngest {
  readonly known = new KnownInputs();
  readonly files: WatchedFiles;
  readonly correlations: CorrelationStatus = { count: 0, lastMs: null, lastAt: null, running: false };
  /** why the store takes nothing now */
  failure: string | undefined;
  private readonly reader: InputReader;
  private readonly forgotten = new Set<string>();
  private readonly woken = new Set<string>();
  private stopping = false;
  private wakeUp: () => void = () => undefined;
  private scanWanted = true;
  private scannedAt = -Infinity;
  private scanMs = 0;
  private roundAt = -Infinity;
  private uncorrelated = false;
  /** a program before this one was stopped before it correlated: an insert that was cut off may not have said what it touched */
  private behind = false;
  private readMs = 0;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly target: LiveTarget,
    private readonly settings: LiveIngestSettings,
  ) {
    this.reader = new InputReader(target, this.known, settings.options);
    const { known, reader, forgotten } = this;
    this.files = new WatchedFiles({ ...settings, known, reader, forgotten });
  }

  /** Takes up where the last run was. Resolves when the checkpoints are loaded; reading goes on until {@link stop}. */
  async start(): Promise<void> {
    await this.settings.turn.run(async () => {
      await this.learnForgotten();
      const unbooked = await this.reader.load(this.forgotten, (path) => this.settings.ownFile(path)?.name);
      this.uncorrelated = unbooked || (await this.target.anyUncorrelated());
      this.behind = this.uncorrelated;
    });
    this.running = this.loop();
  }

  /** Ends after the round that is under way. What was read is saved. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wakeUp();
    await this.running;
  }

  /** Something has changed at this path, or under it. */
  wake(path: string): void {
    if (this.files.sightings.has(path)) this.woken.add(path);
    else this.scanWanted = true;
    this.wakeUp();
  }

  /** Somebody has forgotten this input: it stays out. */
  isForgotten({ checkpoint }: WatchedInput): boolean {
    return this.forgotten.has(checkpoint.inputId);
  }

  /** Between two rounds somebody else may have ingested or forgotten inputs. */
  private async learnForgotten(): Promise<void> {
    const ids = await this.target.forgotten();
    this.forgotten.clear();
    for (const id of ids) this.forgotten.add(id);
  }

  private async loop(): Promise<void> {
    let retryMs = 0;
    while (!this.stopping) {
      try {
        const more = await this.settings.turn.run(() => this.round());
        if (this.failure !== undefined) this.settings.note('live input goes on');
        this.failure = undefined;
        retryMs = 0;
        if (!more) await this.rest();
      } catch (error) {
        const failure = error instanceof Error ? error.message : String(error);
        if (this.failure !== failure) this.settings.note(`live input waits: ${failure}`);
        this.failure = failure;
        // What was inserted may not have said what it touched.
        this.behind = this.uncorrelated = true;
        retryMs = Math.min(LONGEST_RETRY_MS, 2 * retryMs + 1000);
        this.scanWanted = true;
        await this.pause(retryMs, () => false);
      }
    }
    await this.settings.turn.run(() => this.finish()).catch(() => undefined);
  }

  /** Leaves a store in which nothing is half done; what must be correlated as a whole is left to the next start. */
  private async finish(): Promise<void> {
    await this.reader.save(true);
    if (this.uncorrelated && !this.behind) await this.correlate();
  }

  /** Until something is to be done; then a little more, so that what comes now comes in one batch, and time is left to others. */
  private async rest(): Promise<void> {
    const due = (): boolean => this.woken.size > 0 || performance.now() >= this.scanDue();
    while (!this.stopping && !due()) await this.pause(this.scanDue() - performance.now(), due);
    const everyMs = Math.max(this.settings.timing.batchMs, restfulMs(this.correlations.lastMs ?? 0));
    await this.pause(this.roundAt + everyMs - performance.now(), () => false);
  }

  private scanDue(): number {
    const { pollMs, batchMs } = this.settings.timing;
    return this.scannedAt + Math.max(this.scanWanted ? batchMs : pollMs, this.scanMs / SCAN_SHARE);
  }

  /** Answers whether there is more to read. */
  private async round(): Promise<boolean> {
    this.roundAt = performance.now();
    await this.learnForgotten();
    this.reader.beginRound();
    let more = false;
    let saved = this.roundAt;
    for await (const file of this.due()) {
      if (this.stopping) break;
      const visit = await this.files.visit(file);
      if (visit !== 'idle') this.uncorrelated = true;
      if (visit === 'more') {
        more = true;
        this.woken.add(file.path);
      }
      if (performance.now() - saved < SAVE_MS) continue;
      await this.reader.save();
      this.readMs += performance.now() - saved;
      // Thousands of files that are there for the first time: figures come before all are read, and take half of the time.
      if (this.uncorrelated && this.readMs >= Math.max(LONG_READ_MS, this.correlations.lastMs ?? 0))
        await this.correlate();
      saved = performance.now();
    }
    await this.reader.save();
    this.readMs += performance.now() - saved;
    const { lastMs } = this.correlations;
    if (this.uncorrelated && !this.stopping && (!more || this.readMs >= (lastMs ?? 0))) await this.correlate();
    return more;
  }

  /** Brings the journeys up to date with what was read. THE place where live input correlates. */
  private async correlate(): Promise<void> {
    const begun = performance.now();
    this.correlations.running = true;
    try {
      await this.target.correlate(this.behind);
    } finally {
      this.correlations.running = false;
    }
    this.reader.correlated();
    this.uncorrelated = false;
    this.behind = false;
    this.readMs = 0;
    this.correlations.count++;
    this.correlations.lastMs = Math.round(performance.now() - begun);
    this.correlations.lastAt = Date.now();
  }

  /** The files to look at now: those that something woke, and when it is time, all. */
  private async *due(): AsyncGenerator<InputFile, void, undefined> {
    const woken = [...this.woken];
    this.woken.clear();
    if (performance.now() < this.scanDue()) {
      for (const path of woken) {
        const sighting = this.files.sightings.get(path);
        if (sighting) yield sighting.file;
      }
      return;
    }
    const begun = performance.now();
    // What wakes during the scan asks for the next one.
    this.scanWanted = false;
    const found = new Set<string>();
    const failing = new Set<string>();
    let visiting = 0;
    for await (const file of findInputs(this.settings.targets)) {
      if (isInputProblem(file)) {
        if (file.reason === 'the pattern matches nothing') continue;
        failing.add(file.path);
        this.files.refused(file.path, file.path, `${file.reason}; ${file.advice}`);
      } else if (this.isOurs(file.path)) {
        found.add(file.path);
        const before = performance.now();
        yield file;
        visiting += performance.now() - before;
      }
      if (this.stopping) return;
    }
    this.files.foundAll(found, failing);
    this.scannedAt = performance.now();
    this.scanMs = this.scannedAt - begun - visiting;
  }

  /** The store itself may lie in a watched folder; of its files only the syslog spool is input. */
  private isOurs(path: string): boolean {
    return !path.startsWith(this.target.folder + sep) || this.settings.ownFile(path) !== undefined;
  }

  /** Waits; a wake-up after which `enough` holds, and `stop`, end it early. */
  private async pause(ms: number, enough: () => boolean): Promise<void> {
    if (this.stopping || ms <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        if (!this.stopping && !enough()) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = () => undefined;
  }
}
