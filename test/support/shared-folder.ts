/** The folder that all files of tests of a run share (support/program-logs/setup.ts makes it). @throws Error without one */
export function sharedFolder(): string {
  const { SHARED_FOLDER } = process.env;
  if (!SHARED_FOLDER) throw new Error('SHARED_FOLDER names no folder: the global setup of jest makes one');
  return SHARED_FOLDER;
}
