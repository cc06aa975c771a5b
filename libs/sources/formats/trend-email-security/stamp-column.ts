import { parseTimestamp } from '../../../trace/timestamp';
import type { CommonOptions } from '../../source';

/**
 * Reads the stamps of one column. Stamps of the same minute as the one before cost a comparison instead of a parse: exports are
 * nearly in order, and no zone changes its offset within a minute.
 */
export class StampColumn {
  /** epoch ms of the last stamp read */
  time = 0;
  /** how coarse it is, ms */
  resolutionMs = 1;
  /** why the last stamp could not be read: never part of the stamp itself, so that reasons can be counted */
  problem = '';

  private prefix = '';
  private suffix = '';
  private minute = 0;
  private minuteProblem = '';

  constructor(private readonly options: CommonOptions) {}

  /**
   * Reads a stamp; a stamp without offset needs `options.timeZone`, since a guessed zone would be an error of hours.
   * @returns whether `time` and `resolutionMs` are set; otherwise `problem` is
   */
  read(text: string): boolean {
    const second = secondOf(text);
    if (second >= 0 && this.isSameMinute(text)) {
      if (this.minuteProblem) return this.fail(this.minuteProblem);
      this.time = this.minute + second * 1000;
      this.resolutionMs = 1000;
      return true;
    }
    const stamp = this.parse(text);
    const problem = 'problem' in stamp ? stamp.problem : '';
    if (second >= 0 && ('problem' in stamp || stamp.resolutionMs === 1000)) {
      this.prefix = text.slice(0, MINUTE_LENGTH);
      this.suffix = text.slice(MINUTE_LENGTH + 2);
      this.minute = 'problem' in stamp ? 0 : stamp.time - second * 1000;
      this.minuteProblem = problem;
    }
    if ('problem' in stamp) return this.fail(problem);
    this.time = stamp.time;
    this.resolutionMs = stamp.resolutionMs;
    return true;
  }

  /** Forms that begin with a month or weekday are UTC to `parseTimestamp` when no zone is given; here that would be a guess. */
  private parse(text: string): ReturnType<typeof parseTimestamp> {
    const stamp = parseTimestamp(text, this.options);
    if (this.options.timeZone !== undefined || 'problem' in stamp || !/^\s*\p{L}/u.test(text)) return stamp;
    const elsewhere = parseTimestamp(text, { ...this.options, timeZone: 'Etc/GMT-1' });
    const hasZone = !('problem' in elsewhere) && elsewhere.time === stamp.time;
    return hasZone ? stamp : { problem: 'no zone: pass --timezone' };
  }

  private isSameMinute(text: string): boolean {
    return (
      text.length === this.prefix.length + 2 + this.suffix.length &&
      text.startsWith(this.prefix) &&
      text.endsWith(this.suffix)
    );
  }

  private fail(problem: string): false {
    this.problem = problem;
    return false;
  }
}

/** length of `2024-01-01T11:11:` */
const MINUTE_LENGTH = 17;
const DIGIT_0 = 48;
const COLON = 58;

/** The seconds of `2024-01-01T11:11:09Z` and its like without fraction, −1 for text of another form. */
function secondOf(text: string): number {
  if (text.length < 19 || text.charCodeAt(16) !== COLON || text.charCodeAt(13) !== COLON) return -1;
  const tens = text.charCodeAt(17) - DIGIT_0;
  const ones = text.charCodeAt(18) - DIGIT_0;
  if (tens < 0 || tens > 5 || ones < 0 || ones > 9) return -1;
  return tens * 10 + ones;
}
