import { CommanderError } from 'commander';
import { ConfigError } from '../../libs/config/config';
import { printable } from './output';

/** Wrong usage: exit code 2. The message says what is wrong and how to say it right. */
export class UsageError extends Error {}

/** The command did its work, but not all of it well: the answer is already on stdout. */
export class ExitCode extends Error {
  constructor(readonly code: 1 | 3) {
    super('');
  }
}

/** interfaces.md §3: 0 done, 1 failed, 2 wrong usage, 3 done but records were rejected. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ExitCode) return error.code;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError || error instanceof ConfigError) return 2;
  return 1;
}

/** One sentence for people; the stack only when asked for (DEBUG). '' when everything is said already. */
export function describeFailure(error: unknown, debug: boolean): string {
  // commander has printed its own message, with the hint to --help
  if (error instanceof ExitCode || error instanceof CommanderError) return '';
  if (!(error instanceof Error)) return `hoptime: ${printable(String(error))}`;
  if (debug) return error.stack ?? error.message;
  return printable(error.message)
    .split('\n')
    .map((line) => `hoptime: ${line}`)
    .join('\n');
}
