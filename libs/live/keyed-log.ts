import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';

/** Rewritten when it is opened and so much of it is outdated. */
const OUTDATED_LINES = 1000;

/**
 * The latest value of each key, in a file that is only appended to: what was put is there after the process was killed. Values are JSON. A last
 * line that was cut off is left out.
 */
export class KeyedLog<T> {
  private readonly latest = new Map<string, T>();
  private fd: number;

  /** @throws what the system says */
  constructor(private readonly path: string) {
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    for (const line of lines) {
      const entry = entryOf<T>(line);
      if (!entry) continue;
      // Deleted first: the newest is the last.
      this.latest.delete(entry[0]);
      this.latest.set(entry[0], entry[1]);
    }
    if (lines.length > this.latest.size + OUTDATED_LINES) this.rewrite();
    this.fd = openSync(path, 'a', 0o600);
    // Ends a line that was cut off.
    if (lines.length > 0 && lines[lines.length - 1] !== '') writeSync(this.fd, '\n');
  }

  /** Newest last. */
  get values(): readonly T[] {
    return [...this.latest.values()];
  }

  get(key: string): T | undefined {
    return this.latest.get(key);
  }

  /** Resolves nothing: when it returns, the values are on the disk. @throws what the system says */
  put(entries: readonly (readonly [string, T])[]): void {
    if (entries.length === 0) return;
    writeAll(this.fd, entries);
    fdatasyncSync(this.fd);
    for (const [key, value] of entries) {
      this.latest.delete(key);
      this.latest.set(key, value);
    }
  }

  close(): void {
    closeSync(this.fd);
  }

  private rewrite(): void {
    const fresh = `${this.path}.new`;
    const fd = openSync(fresh, 'w', 0o600);
    writeAll(fd, [...this.latest]);
    fsyncSync(fd);
    closeSync(fd);
    renameSync(fresh, this.path);
  }
}

function writeAll<T>(fd: number, entries: readonly (readonly [string, T])[]): void {
  const bytes = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

function entryOf<T>(line: string): [string, T] | undefined {
  try {
    const entry = JSON.parse(line) as unknown;
    return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string'
      ? (entry as [string, T])
      : undefined;
  } catch {
    return undefined;
  }
}
