/** Why the system takes no more bytes: a full disk, a used-up quota, a file as large as the system lets it be (`ulimit -f`). */
export type SpaceRefusal = 'ENOSPC' | 'EDQUOT' | 'EFBIG';

const SAYS: Readonly<Record<SpaceRefusal, (path: string) => string>> = {
  ENOSPC: (path) => `no space left on the disk of ${path}: free some`,
  EDQUOT: (path) => `the disk quota is used up on the disk of ${path}: free some space, or have the quota raised`,
  EFBIG: (path) =>
    `a file of ${path} would become larger than the system allows: raise the limit (ulimit -f), or use another disk`,
};

/** No room for what was to be written below `path`: nothing of what was read is lost, since reading a file again is safe. */
export class DiskFullError extends Error {
  constructor(
    readonly path: string,
    readonly refusal: SpaceRefusal = 'ENOSPC',
  ) {
    super(`${SAYS[refusal](path)}, then run the same command again (reading twice is safe)`);
    this.name = 'DiskFullError';
  }
}

/** The engine's words and codes: NOT_ENOUGH_SPACE is 243; what the system said stands in the text as errno or as its own words. */
const FORMS: readonly (readonly [SpaceRefusal, RegExp])[] = [
  ['EDQUOT', /\bEDQUOT\b|\berrno: 122\b|Disk quota exceeded/],
  ['EFBIG', /\bEFBIG\b|\berrno: 27\b|File too large/],
  ['ENOSPC', /\bENOSPC\b|\berrno: 28\b|No space left on device|NOT_ENOUGH_SPACE|Cannot reserve .*not enough space/],
];

/** The refusal behind an error of the system or of the engine; undefined when it is about something else. */
export function spaceRefusal(error: unknown): SpaceRefusal | undefined {
  if (error instanceof DiskFullError) return error.refusal;
  if (typeof error !== 'object' || error === null) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (code === '243') return 'ENOSPC';
  const text = `${code} ${'message' in error ? String(error.message) : ''}`;
  const found = FORMS.find(([, form]) => form.test(text))?.[0];
  return found ?? ('cause' in error ? spaceRefusal(error.cause) : undefined);
}

/** The error as a DiskFullError of `path` when it is one, else as it is. */
export function asDiskFull(error: unknown, path: string): unknown {
  const refusal = spaceRefusal(error);
  return refusal === undefined || error instanceof DiskFullError ? error : new DiskFullError(path, refusal);
}
