import { accessSync, constants, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another process holds the chDB directory: one directory, one process. */
export class StoreHeldError extends Error {
  constructor(
    readonly path: string,
    readonly holder: string,
  ) {
    super(`the store ${path} is held by ${holder}; wait until it is done, or stop it`);
  }
}

const HOLDER_FILE = 'hoptime-holder';
/** The engine's own lock: a file that says `PID: 4711`, locked as long as that process has the directory open. */
const ENGINE_FILE = 'status';
const held = new Map<string, number>();

/**
 * Takes the directory for this process, before the engine is asked: the engine itself refuses with a raw text on standard error. What a killed
 * process left does not count. The same process may take it several times.
 * @throws StoreHeldError
 * @throws Error where this user may not use the directory
 */
export function takeStore(path: string): void {
  const before = held.get(path) ?? 0;
  if (before === 0) {
    refuseClosed(path);
    refuseHeld(path);
    take(path);
  }
  held.set(path, before + 1);
}

/** Gives back what {@link takeStore} took; the last one frees the directory. */
export function releaseStore(path: string): void {
  const left = (held.get(path) ?? 1) - 1;
  if (left > 0) {
    held.set(path, left);
    return;
  }
  held.delete(path);
  rmSync(join(path, HOLDER_FILE), { force: true });
}

/** A new store is for the user who made it: mail, uploads and hashes of keys lie in it. */
function refuseClosed(path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (!isCode(error, 'EACCES')) throw error;
    throw new Error(`the store ${path} is another user's, and closed to this one: run the command as that user`);
  }
}

/** @throws StoreHeldError when a living process has the directory, with or without having said so in our file */
export function refuseHeld(path: string): void {
  const pid = engineHolder(path) ?? ownHolder(path);
  if (pid !== undefined && pid !== process.pid) throw new StoreHeldError(path, `process ${pid}`);
}

/** A file appears under its name with its content in one step, so nobody reads half of it and only one of two is first. */
function take(path: string): void {
  const file = join(path, HOLDER_FILE);
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `process ${process.pid}\nstarted ${startOfProcess(process.pid)}\n`);
    for (let tries = 0; ; tries++) {
      try {
        return linkSync(draft, file);
      } catch (error) {
        if (!isCode(error, 'EEXIST') || tries > 9) throw error;
        refuseHeld(path);
        rmSync(file, { force: true });
      }
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The process that the kernel knows to hold the engine's lock. */
function engineHolder(path: string): number | undefined {
  const said = textOf(join(path, ENGINE_FILE)) ?? '';
  const pid = /^PID: (\d+)/m.exec(said)?.[1];
  const locks = textOf('/proc/locks');
  if (pid === undefined || locks === undefined) return undefined;
  const lock = new RegExp(`^\\d+: FLOCK\\s.*\\s${pid} \\S+:${statSync(join(path, ENGINE_FILE)).ino}\\s`, 'm');
  return lock.test(locks) ? Number(pid) : undefined;
}

/** The process that our file names, when it lives and is the same one: numbers of processes are used again. */
function ownHolder(path: string): number | undefined {
  const said = textOf(join(path, HOLDER_FILE)) ?? '';
  const pid = Number(/^process (\d+)/.exec(said)?.[1] ?? 0);
  if (pid === 0 || !lives(pid)) return undefined;
  const started = /^started (\d+)/m.exec(said)?.[1];
  return started === undefined || isSameProcess(pid, started) ? pid : undefined;
}

/** Whether the process of a number lives and is the one that began then: numbers of processes are used again. @param started {@link startOfProcess} */
export function isSameProcess(pid: number, started: string): boolean {
  return lives(pid) && (startOfProcess(pid) === '' || startOfProcess(pid) === started);
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A living process of another user may not be signalled.
    return isCode(error, 'EPERM');
  }
}

/** When a process began, in clock ticks since the machine was started (proc(5), field 22 of stat); '' where the system does not tell. */
export function startOfProcess(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`) ?? '';
  // The name of the program, in brackets, may hold blanks.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
