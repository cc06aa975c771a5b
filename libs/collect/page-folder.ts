import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogRecord, TrafficType } from './log-api';
import { OWN_FOLDER } from '../store/own-folder';

const NAME = /^(accepted_traffic|blocked_traffic)-(\d{8}T\d{6}Z)-(\d{8}T\d{6}Z)-[0-9a-f]{16}\.json$/;

export interface PageFile {
  readonly path: string;
  readonly type: TrafficType;
  /** end of the window that its records were asked for, epoch ms, full seconds */
  readonly end: number;
}

/**
 * Records as files below the store, one record a line, in the form of the API's pages: each is an input like any other, whose lines evidence
 * points to. A file's name tells its window, and its content by a hash; it is there whole or not at all.
 */
export class PageFolder {
  private constructor(readonly path: string) {}

  static async open(storePath: string): Promise<PageFolder> {
    const path = join(storePath, 'collected', 'tmes');
    await mkdir(path, OWN_FOLDER);
    for (const name of await readdir(path)) if (name.endsWith('.part')) await rm(join(path, name), { force: true });
    return new PageFolder(path);
  }

  /** All files, by name. */
  async files(): Promise<PageFile[]> {
    const names = (await readdir(this.path)).sort();
    return names.flatMap((name) => {
      const match = NAME.exec(name);
      return match ? [{ path: join(this.path, name), type: match[1] as TrafficType, end: timeOf(match[3]) }] : [];
    });
  }

  /** The records of a file. */
  async read(file: PageFile): Promise<LogRecord[]> {
    return (JSON.parse(await readFile(file.path, 'utf8')) as { logs: LogRecord[] }).logs;
  }

  /** Keeps records, safe from a power cut when it resolves; answers the file. */
  async write(type: TrafficType, start: number, end: number, records: readonly LogRecord[]): Promise<string> {
    const text = `{"nextToken":"","logs":[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]}\n`;
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const path = join(this.path, `${type}-${stampOf(start)}-${stampOf(end)}-${hash}.json`);
    const part = `${path}.part`;
    const file = await open(part, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
    const folder = await open(this.path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return path;
  }
}

/** `20260302T100000Z` */
const stampOf = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');

function timeOf(stamp: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
