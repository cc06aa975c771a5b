import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
  fstatSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { Pseudonyms } from '../trace/pseudonyms';
import type { OwnFile } from './watched-files';
import { OWN_FOLDER } from '../store/own-folder';

/** Trend's events come as CEF, beside the lines of MTAs. */
const CEF = /CEF:\s?\d/;
const CEF_WITHIN = 512;
/** CR, LF and NUL end a message. */
const LINE_ENDS: readonly (number | undefined)[] = [13, 10, 0];
const NAME = /^(syslog:(?:udp|tcp):\d+)(:cef)?\.(\d{6})\.log$/;
/** The first line of a file makes its beginning unlike that of any other. */
const HEADING_BYTES = 256;

export interface SpoolLimits {
  /** a file of this size is full, and the next one is begun; bytes */
  readonly fileBytes: number;
  /** all files of one input together; when they have it and none can go, nothing more is taken; bytes */
  readonly totalBytes: number;
}

export const SPOOL_LIMITS: SpoolLimits = { fileBytes: 64 * 2 ** 20, totalBytes: 2 ** 30 };

/** The folder of the spool in a store. */
export const spoolFolder = (storePath: string): string => join(storePath, 'syslog');

/** What a file of the spool is, by its name. */
export function spoolFile(storePath: string, path: string): OwnFile | undefined {
  const match = path === join(spoolFolder(storePath), basename(path)) && NAME.exec(basename(path));
  if (!match) return undefined;
  return { name: match[1] + (match[2] ?? ''), format: match[2] ? 'trend-email-security' : 'postfix' };
}

/**
 * Received messages as lines of files in the store, from which they are read like any other log: so a message that was taken survives the
 * program, and has a file and a line. Files are numbered; a full one is followed by the next, and goes when it has been read and room is
 * needed.
 */
export class SyslogSpool {
  private readonly folder: string;
  private readonly files = new Map<string, NumberedFile>();

  /** @param name e.g. `syslog:udp:5514`; @param isRead tells whether all of a file is in the store; @param onWrite takes the path of a file that has grown */
  constructor(
    storePath: string,
    private readonly name: string,
    private readonly isRead: (path: string, size: number) => boolean,
    private readonly onWrite: (path: string) => void,
    private readonly limits: SpoolLimits = SPOOL_LIMITS,
    private readonly pseudonyms?: Pseudonyms,
  ) {
    this.folder = spoolFolder(storePath);
    mkdirSync(this.folder, OWN_FOLDER);
  }

  /** Appends messages, each as one line. Answers those that it has no room for. @throws what the system says */
  append(messages: readonly Buffer[]): Buffer[] {
    const isCef = (message: Buffer): boolean => CEF.test(message.toString('latin1', 0, CEF_WITHIN));
    const cef = messages.filter(isCef);
    const others = cef.length ? messages.filter((message) => !isCef(message)) : messages;
    return [...this.write(this.name, others), ...this.write(`${this.name}:cef`, cef)];
  }

  close(): void {
    for (const file of this.files.values()) closeSync(file.fd);
    this.files.clear();
  }

  /** The spool is read like any log, and a store with pseudonyms has no address in clear in its folder either. */
  private pseudonymised(message: Buffer): Buffer {
    const { pseudonyms } = this;
    return pseudonyms ? Buffer.from(pseudonyms.inLine(message.toString('utf8'))) : message;
  }

  private write(name: string, messages: readonly Buffer[]): readonly Buffer[] {
    if (!messages.length) return [];
    let file = this.files.get(name) ?? this.latest(name);
    if (!file || file.size >= this.limits.fileBytes) {
      if (!this.makeRoom(name)) return messages;
      if (file) closeSync(file.fd);
      file = this.begin(name, (file?.number ?? 0) + 1);
    }
    this.files.set(name, file);
    const bytes = Buffer.concat(messages.map((message) => asLine(this.pseudonymised(message))));
    try {
      writeAll(file.fd, bytes);
    } catch (error) {
      // Half a line may be there: it is ended when the file is opened again.
      closeSync(file.fd);
      this.files.delete(name);
      throw error;
    }
    file.size += bytes.length;
    this.onWrite(file.path);
    return [];
  }

  /** The newest file of an earlier run, made ready for the next line. */
  private latest(name: string): NumberedFile | undefined {
    const number = this.numbers(name).at(-1);
    if (number === undefined) return undefined;
    const path = this.path(name, number);
    const fd = openSync(path, 'a+', 0o600);
    const { size } = fstatSync(fd);
    const last = Buffer.alloc(1);
    // A program that was killed may have left half a line.
    if (size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 10) writeAll(fd, Buffer.from('\n'));
    return { fd, path, number, size: fstatSync(fd).size };
  }

  private begin(name: string, number: number): NumberedFile {
    const path = this.path(name, number);
    const fd = openSync(path, 'ax', 0o600);
    const heading = `# ${name} received by hoptime from ${new Date().toISOString()} on `;
    writeAll(fd, Buffer.from(`${heading.padEnd(HEADING_BYTES, '.')}\n`));
    return { fd, path, number, size: fstatSync(fd).size };
  }

  private makeRoom(name: string): boolean {
    const paths = this.numbers(name).map((number) => this.path(name, number));
    const sizes = paths.map((path) => statSync(path).size);
    let total = sizes.reduce((sum, size) => sum + size, 0);
    for (const [index, path] of paths.entries()) {
      if (total + this.limits.fileBytes <= this.limits.totalBytes) return true;
      if (!this.isRead(path, sizes[index])) return false;
      rmSync(path);
      total -= sizes[index];
    }
    return total + this.limits.fileBytes <= this.limits.totalBytes;
  }

  private numbers(name: string): number[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder)
      .map((file) => NAME.exec(file))
      .flatMap((match) => (match && match[1] + (match[2] ?? '') === name ? [Number(match[3])] : []))
      .sort((a, b) => a - b);
  }

  private path(name: string, number: number): string {
    return join(this.folder, `${name}.${String(number).padStart(6, '0')}.log`);
  }
}

interface NumberedFile {
  readonly fd: number;
  readonly path: string;
  readonly number: number;
  size: number;
}

/** Line ends within a message are written as rsyslog escapes them. */
function asLine(message: Buffer): Buffer {
  if (!message.includes(10) && !message.includes(13) && !message.includes(0))
    return Buffer.concat([message, Buffer.from('\n')]);
  // Byte by byte from the end: a pattern would begin anew at each of 64,000 NULs before a letter, seconds for one datagram.
  let end = message.length;
  while (end > 0 && LINE_ENDS.includes(message[end - 1])) end--;
  const text = message.toString('latin1', 0, end);
  return Buffer.from(`${text.replaceAll('\n', '#012').replaceAll('\r', '#015')}\n`, 'latin1');
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}
