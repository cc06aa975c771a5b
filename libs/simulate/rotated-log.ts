import { join } from 'node:path';
import { DAY, isoSecond, type Micros } from './clock';
import type { HostClock } from './clock-error';
import type { Host } from './hosts';
import { OrderedLines } from './ordered-lines';
import type { LostSession, QueueVisit, Refusal } from './queue-visit';
import type { Random } from './random';
import { TextFile } from './text-file';

/** Where and when a log is written. */
export interface LogPlace {
  readonly folder: string;
  /** IANA zone of stamps without zone */
  readonly zone: string;
  readonly start: Micros;
  /** what lies at or after it is not written */
  readonly end: Micros;
  readonly clock: HostClock;
  /** for what is in no truth: process ids, statistics */
  readonly random: Random;
}

/** The log of one host: lines in the order of true time, stamped by the host's clock, a file a week. */
export abstract class RotatedLog {
  readonly files: TextFile[] = [];
  private readonly lines = new OrderedLines<string>((line, at) => this.write(line, at));
  private rotation = -1;
  /** how long a file goes */
  protected readonly period: Micros = 7 * DAY;

  constructor(
    readonly host: Host,
    protected readonly place: LogPlace,
  ) {}

  /** Writes every line before `until`; none before it may be added later. */
  flush(until: Micros): void {
    this.lines.flush(until);
  }

  close(): void {
    this.lines.flush(Infinity);
    for (const file of this.files) file.close();
  }

  /** What the log says of a message. */
  abstract visit(visit: QueueVisit): void;

  /** What it says of a recipient that the host refused. */
  abstract refusal(refusal: Refusal): void;

  abstract lostSession(session: LostSession): void;

  /** What the daemons say of themselves in an hour. */
  abstract hourly(random: Random, hour: Micros): void;

  /** `2026-03-02` → name of the file that begins on that day. */
  protected abstract fileName(day: string): string;

  protected abstract stamp(shown: Micros): string;

  /** Begins the file of the period from `from` on. */
  protected begin(from: Micros): TextFile {
    return new TextFile(join(this.place.folder, this.fileName(isoSecond(from).slice(0, 10))));
  }

  /** One line, without its stamp, at any time not yet flushed. */
  protected line(at: Micros, text: string): void {
    if (at < this.place.end) this.lines.add(at, `${text}\n`);
  }

  private write(line: string, at: Micros): void {
    const { start, clock } = this.place;
    const rotation = Math.floor((at - start) / this.period);
    if (rotation !== this.rotation) {
      this.rotation = rotation;
      this.files.push(this.begin(start + rotation * this.period));
    }
    const file = this.files[this.files.length - 1];
    file.write(this.stamp(clock(at)) + line);
    file.records++;
    file.modified = at;
  }
}
