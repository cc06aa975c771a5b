import type { InputProblem } from './input-file';

const KNOWN: Readonly<Record<string, readonly [reason: string, advice: string]>> = {
  ENOENT: ['no such file or folder', 'check the spelling; relative paths count from the working directory'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'check the spelling'],
  EACCES: [
    'permission denied',
    'run as a user who may read it, or copy the file (logs are often readable by group adm)',
  ],
  EPERM: ['permission denied', 'run as a user who may read it, or copy the file'],
  EISDIR: ['is a folder', 'name the files in it, or the folder itself to read all of them'],
  ELOOP: ['symbolic links lead in a circle', 'name the file itself'],
  ENAMETOOLONG: ['the path is too long', 'check the spelling, or read it from a folder nearer to the root'],
  EMFILE: ['too many open files', 'raise the limit of open files (ulimit -n)'],
  ENFILE: ['too many open files', 'raise the limit of open files (ulimit -n)'],
  EIO: ['the disk reports a read error', 'check the disk, then read the file again'],
  ENXIO: ['is a device or socket that cannot be read', 'name a file'],
  ENOSPC: ['no space left for a temporary copy', 'free some space, or point TMPDIR to another disk'],
  EDQUOT: ['the disk quota leaves no space for a temporary copy', 'free some space, or point TMPDIR to another disk'],
  EFBIG: ['a temporary copy would be larger than the system allows', 'raise the limit of file size (ulimit -f)'],
};

/** The system's error code (`ENOENT`), or the message where there is none. */
export function errorCode(error: unknown): string {
  if (typeof error === 'object' && error !== null) {
    if ('code' in error && typeof error.code === 'string') return error.code;
    if ('message' in error && typeof error.message === 'string') return error.message;
  }
  return String(error);
}

/** Says a failed system call in words, with what to do about it. Never throws. */
export function inputProblem(path: string, error: unknown): InputProblem {
  const code = errorCode(error);
  const [reason, advice] = KNOWN[code] ?? [`cannot be read (${code})`, 'check that the file can be read'];
  return { path, reason, advice };
}
