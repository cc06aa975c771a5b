import type { BigIntStats } from 'node:fs';
import type { InputFile } from '../sources/readers/input-file';
import { placeKey, type Place } from './checkpoint';

/** Why a file that was seen is not read. */
export type Waiting = 'settling' | 'empty' | 'copy' | 'unknown_format' | 'unreadable' | 'forgotten';

/** What is remembered of a path between two looks at it. */
export class Sighting {
  /** why it is not read; undefined = it is an input */
  waiting: Waiting | undefined;
  problem: string | undefined;
  /** the input that it is a copy of */
  copyOf: string | undefined;
  /** its size when no format fitted */
  unknownAt: number | undefined;
  private since = performance.now();

  private constructor(
    readonly file: InputFile,
    readonly place: Place,
    private readonly changedMs: number,
  ) {}

  /** A look at a file. What was remembered of it stays as long as it is the same file. */
  static of(file: InputFile, stats: BigIntStats, before: Sighting | undefined): Sighting {
    const place: Place = {
      path: file.path,
      device: String(stats.dev),
      inode: String(stats.ino),
      size: Number(stats.size),
      modifiedMs: Number(stats.mtimeNs) / 1e6,
    };
    const seen = { ...file, sizeBytes: place.size, modifiedAt: Math.floor(place.modifiedMs) };
    const now = new Sighting(seen, place, Number(stats.ctimeMs));
    if (!before || placeKey(before.place) !== placeKey(place)) return now;
    now.waiting = before.waiting;
    now.problem = before.problem;
    now.unknownAt = before.unknownAt;
    if (!now.isAsIn(before)) return now;
    now.since = before.since;
    now.copyOf = before.copyOf;
    return now;
  }

  isAsIn(other: Sighting): boolean {
    const { size, modifiedMs } = this.place;
    return size === other.place.size && modifiedMs === other.place.modifiedMs;
  }

  /** The file has not changed for so long: in our sight, or by the system's own account, which nobody can set. */
  settledFor(ms: number): boolean {
    return performance.now() - this.since >= ms || Date.now() - this.changedMs >= ms;
  }

  wait(why: Waiting, problem?: string): void {
    this.waiting = why;
    this.problem = problem;
  }

  /** It is an input now. */
  taken(): void {
    this.waiting = this.problem = this.copyOf = this.unknownAt = undefined;
  }
}
