import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import { inputIdOf } from '../ingest/input-id';
import type { IngestOptions } from '../ingest/ingest-report';
import { survey, type Survey } from '../ingest/file-ingest';
import { detect, type Detection, type Undetected } from '../sources/detect';
import type { InputFile } from '../sources/readers/input-file';
import { inputProblem } from '../sources/readers/input-problem';
import { packingOf } from '../sources/readers/open-bytes';
import { encodingOf } from '../sources/readers/text-encoding';
import { sourceNamed } from '../sources/registry';
import { NO_BOOKS, NO_DIGEST, placeKey, type Checkpoint, type Place } from './checkpoint';
import { NO_PRINT } from './fingerprint';
import type { InputReader } from './input-reader';
import type { KnownInputs } from './known-inputs';
import type { LiveTiming } from './live-options';
import { Sighting } from './sighting';
import { continued, headOf, packedMatch } from './stretch-bytes';
import { WatchedInput } from './watched-input';

const LF = 10;
/** A file of which so much fits no format never will. */
const MAX_UNKNOWN_BYTES = 4 * 1024 * 1024;

/** What a look at a file led to. `more`: there is more to read than was read now. */
export type Visit = 'idle' | 'read' | 'more';

/** A file that belongs to the program's own listener: its name for people and its format are known. */
export interface OwnFile {
  readonly name: string;
  readonly format: string;
}

/** What stands around the files. */
export interface WatchedFilesContext {
  readonly known: KnownInputs;
  readonly reader: InputReader;
  readonly options: IngestOptions;
  readonly timing: LiveTiming;
  readonly note: (sentence: string) => void;
  /** ids of inputs that somebody has forgotten: they stay out */
  readonly forgotten: Set<string>;
  readonly ownFile: (path: string) => OwnFile | undefined;
}

/**
 * Decides for each file that is found what it is: an input that goes on, one that was renamed, copied or packed by a log rotation, one
 * that was truncated or replaced and is another now, or a new one; and has read what is new of it. One look at a time.
 */
export class WatchedFiles {
  readonly sightings = new Map<string, Sighting>();
  /** why paths cannot be read now */
  readonly failures = new Map<string, string>();

  constructor(private readonly context: WatchedFilesContext) {}

  /** Looks at a file and reads what is new of it. Never throws for the file's sake. @throws what makes the store unusable */
  async visit(file: InputFile): Promise<Visit> {
    let stats: BigIntStats;
    try {
      stats = await stat(file.path, { bigint: true });
    } catch (error) {
      this.failed(file, error);
      return 'idle';
    }
    const sighting = Sighting.of(file, stats, this.sightings.get(file.path));
    this.sightings.set(file.path, sighting);
    try {
      const visit = await this.look(sighting);
      this.failures.delete(file.path);
      return visit;
    } catch (error) {
      if (!isOfTheFile(error, file.path)) throw error;
      this.failed(file, error);
      return 'idle';
    }
  }

  /** A path that cannot be read: said once, and tried again at every look. */
  failed({ path, display }: Pick<InputFile, 'path' | 'display'>, error: unknown): void {
    const { reason, advice } = inputProblem(display, error);
    this.refused(path, display, `${reason}; ${advice}`);
  }

  /** As {@link failed}, with the sentence that says why. */
  refused(path: string, display: string, problem: string): void {
    if (this.failures.get(path) !== problem) this.context.note(`${display}: ${problem}`);
    this.failures.set(path, problem);
  }

  /** Call after all files were visited: what was not among them is gone. `failing` are paths that could not be visited. */
  foundAll(paths: ReadonlySet<string>, failing: ReadonlySet<string>): void {
    const places = new Set<string>();
    for (const [path, { place }] of this.sightings) {
      if (paths.has(path)) places.add(placeKey(place));
      else this.sightings.delete(path);
    }
    for (const path of this.failures.keys()) if (!paths.has(path) && !failing.has(path)) this.failures.delete(path);
    const { known } = this.context;
    for (const input of known.all) if (input.attached && !places.has(input.key)) known.leave(input);
  }

  private async look(sighting: Sighting): Promise<Visit> {
    const { known, forgotten } = this.context;
    const { place } = sighting;
    const input = known.at(place);
    if (input) {
      const visit = await this.goOn(input, sighting);
      if (visit !== 'replaced') {
        sighting.taken();
        if (forgotten.has(input.checkpoint.inputId)) sighting.wait('forgotten');
        return visit;
      }
      known.leave(input);
    }
    if (place.size === 0) {
      sighting.wait('empty');
      return 'idle';
    }
    return this.meet(sighting);
  }

  /** An input at its place, perhaps under a new name. */
  private async goOn(input: WatchedInput, sighting: Sighting): Promise<Visit | 'replaced'> {
    const { known, reader, forgotten } = this.context;
    const { place } = sighting;
    const { checkpoint } = input;
    const asItWas = input.looksLike(place);
    const options = this.optionsOf(checkpoint.format);
    if (forgotten.has(checkpoint.inputId)) {
      if (checkpoint.options !== options) return 'replaced';
      if (checkpoint.manner === 'document' || checkpoint.packed) return asItWas ? 'idle' : 'replaced';
      return asItWas && input.verified ? 'idle' : this.stillIs(input, place);
    }
    input.attached = true;
    if (checkpoint.path !== place.path || checkpoint.options !== options) {
      known.move(input, { ...checkpoint, path: place.path, options });
      reader.changed(input);
    }
    if (checkpoint.manner === 'document' || checkpoint.packed) {
      if (asItWas) return 'idle';
      return sighting.settledFor(this.context.timing.settleMs) ? 'replaced' : 'idle';
    }
    if (asItWas && input.verified && !input.hasMore) return this.tail(input, sighting);
    return reader.follow(input, place);
  }

  private async stillIs(input: WatchedInput, place: Place): Promise<'idle' | 'replaced'> {
    const continuation = await continued(place.path, input.checkpoint);
    await continuation?.close();
    if (!continuation) return 'replaced';
    input.verified = true;
    this.context.known.move(input, { ...input.checkpoint, ...place });
    return 'idle';
  }

  /** The last record may lack its end for good. */
  private async tail(input: WatchedInput, sighting: Sighting): Promise<Visit> {
    const { rowTailMs, lineTailMs } = this.context.timing;
    const tailMs = input.checkpoint.framing === 'csv' ? rowTailMs : lineTailMs;
    if (input.lagBytes === 0 || input.tail || !sighting.settledFor(tailMs)) return 'idle';
    return this.context.reader.takeTail(input, sighting.place);
  }

  /** A file that is no input yet. */
  private async meet(sighting: Sighting): Promise<Visit> {
    const { known, timing, options } = this.context;
    const { file, place } = sighting;
    if (sighting.copyOf !== undefined && known.withId(sighting.copyOf)?.attached) return 'idle';
    const settled = sighting.settledFor(timing.settleMs);
    const start = await headOf(file, false);
    const packed = packingOf(start) !== undefined;
    const unfinished = start.length === place.size && !start.includes(LF);
    if (!settled && (packed || unfinished)) {
      sighting.wait('settling');
      return 'idle';
    }
    const found = await this.recognised(sighting, packed, packed ? await headOf(file, true) : start);
    if (found) return found;
    const { unknownAt } = sighting;
    const unchanged = unknownAt !== undefined && place.size >= unknownAt && place.size < 2 * unknownAt;
    if (unchanged || (unknownAt ?? 0) >= MAX_UNKNOWN_BYTES) return 'idle';
    const own = this.context.ownFile(place.path);
    const detection = own ? linesOf(own) : await detect(file, options.format);
    if ('problem' in detection) {
      sighting.wait(settled ? 'unknown_format' : 'settling');
      if (settled) {
        sighting.wait('unknown_format', detection.problem);
        sighting.unknownAt = place.size;
        this.context.note(`${file.display}: ${detection.problem}`);
      }
      return 'idle';
    }
    return this.begin(sighting, detection, packed || encodingOf(start) !== 'utf-8', settled);
  }

  private async begin(sighting: Sighting, detection: Detection, whole: boolean, settled: boolean): Promise<Visit> {
    const { reader, options, forgotten } = this.context;
    const { file, place } = sighting;
    const { framing, source } = detection;
    const cutByLines = framing === 'lines' || framing === 'csv';
    const surveyed: Survey =
      framing === 'lines' ? { surveyed: {}, settled: true } : await survey(file, detection, options);
    const followed = cutByLines && !whole && surveyed.settled;
    if (!followed && !settled) {
      sighting.wait('settling');
      return 'idle';
    }
    const first: Checkpoint = {
      ...place,
      ...NO_BOOKS,
      ...NO_PRINT,
      ...NO_DIGEST,
      inputId: await this.freeId(sighting),
      manner: followed ? 'followed' : 'document',
      packed: false,
      format: source.name,
      framing,
      options: this.optionsOf(source.name),
      surveyed: JSON.stringify(surveyed.surveyed),
      prologue: '',
      position: 0,
      lines: 0,
    };
    await reader.takeBack(first);
    const input = new WatchedInput(first, this.context.ownFile(place.path)?.name);
    const visit = followed
      ? await reader.follow(input, place)
      : await reader.readDocument(input, file, detection, surveyed.surveyed);
    // Truncated between two looks at it: it is met again.
    if (visit === 'replaced') return 'idle';
    sighting.taken();
    forgotten.delete(first.inputId);
    if (input.problem) this.context.note(`${file.display}: ${input.problem}`);
    return visit;
  }

  /** The id that `ingest` gives this file; another one where an input that lives on elsewhere has it. */
  private async freeId({ file, place }: Sighting): Promise<string> {
    const { known, reader, forgotten } = this.context;
    const own = await inputIdOf(file, await reader.idsOf(place.path));
    for (let again = 0, inputId = own; ; inputId = idBeside(own, ++again)) {
      const other = known.withId(inputId);
      const sameDocument = other?.checkpoint.manner === 'document' && !other.attached;
      if (!other || sameDocument || forgotten.has(inputId)) return inputId;
    }
  }

  /** Finds the input whose stretch this file begins with: what a rotation renamed across file systems, copied or packed. */
  private async recognised(sighting: Sighting, packed: boolean, head: Buffer): Promise<Visit | undefined> {
    const { known, reader, forgotten } = this.context;
    const { file, place } = sighting;
    for (const input of known.beginningLike(head)) {
      const { checkpoint } = input;
      if (forgotten.has(checkpoint.inputId)) continue;
      if (!packed && place.size < checkpoint.position) continue;
      const found = packed ? await packedMatch(file, checkpoint) : undefined;
      if (packed && found?.match === 'other') continue;
      if (!packed) {
        const continuation = await continued(place.path, checkpoint);
        await continuation?.close();
        if (!continuation) continue;
      }
      if (input.attached) {
        sighting.wait('copy');
        sighting.copyOf = checkpoint.inputId;
        return 'idle';
      }
      if (found?.problem) {
        sighting.wait('unreadable', found.problem);
        this.refused(file.path, file.display, found.problem);
        return 'idle';
      }
      sighting.taken();
      known.move(input, { ...checkpoint, ...place, packed });
      input.verified = true;
      reader.changed(input);
      if (packed) return found?.match === 'longer' || input.tail ? reader.finishPacked(input, file) : 'read';
      const visit = await reader.follow(input, place);
      return visit === 'replaced' ? 'idle' : visit;
    }
    return undefined;
  }

  /** As in `inputs`: what a later replay needs to read the file the same way. */
  private optionsOf(format: string): string {
    return JSON.stringify({ ...this.context.options, replace: undefined, format });
  }
}

function linesOf({ format }: OwnFile): Detection | Undetected {
  const source = sourceNamed(format);
  if (!source) return { problem: `there is no format ${format}`, empty: false, alternatives: [] };
  return { source, framing: 'lines', score: 1, reason: 'received by the listener', alternatives: [] };
}

/** The system refused this very file; everything else is about the store. */
function isOfTheFile(error: unknown, path: string): boolean {
  return error instanceof Error && 'path' in error && error.path === path && 'syscall' in error;
}

/** Of files of one path and beginning (exports under one header) that live beside each other, the id of the n-th. */
function idBeside(inputId: string, again: number): string {
  return String(createHash('sha256').update(`${inputId}\0${again}`).digest().readBigUInt64LE(0));
}
