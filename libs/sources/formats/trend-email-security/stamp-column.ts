import { parseTimestamp } from '../../../trace/timestamp';
import type { CommonOptions } from '../../source';

/** A minute in which stamps were seen, as text around the seconds and as time, or why its stamps cannot be read. */
interface Minute {
  readonly prefix: string;
  readonly suffix: string;
  /** epoch ms */
  readonly start: number;
  readonly problem: string;
}

/**
 * Reads the stamps of one column. Stamps of the last two minutes seen cost a comparison instead of a parse: exports are nearly in
 * order, times of actions jump to and fro over a minute's end, and no zone changes its offset within a minute.
 */
export class StampColumn {
  /** epoch ms of the last stamp read */
  time = 0;
  /** how coarse it is, ms */
  resolutionMs = 1;
  /** why the last stamp could not be read: never part of the stamp itself, so that reasons can be counted */
  problem = '';

  private latest: Minute = NO_MINUTE;
  private earlier: Minute = NO_MINUTE;

  constructor(private readonly options: CommonOptions) {}

  /**
   * Reads a stamp; a stamp without offset needs `options.timeZone`, since a guessed zone would be an error of hours.
   * @returns whether `time` and `resolutionMs` are set; otherwise `problem` is
   */
  read(text: string): boolean {
    const second = secondOf(text);
    const known = second >= 0 && this.knownMinute(text);
    if (known) {
      if (known.problem) return this.fail(known.problem);
      this.time = known.start + second * 1000;
      this.resolutionMs = 1000;
      return true;
    }
    const stamp = this.parse(text);
    if ('problem' in stamp) {
      if (second >= 0) this.remember(text, 0, stamp.problem);
      return this.fail(stamp.problem);
    }
    this.time = stamp.time;
    this.resolutionMs = stamp.resolutionMs;
    const start = stamp.time - second * 1000;
    if (second >= 0 && stamp.resolutionMs === 1000 && start % 60_000 === 0) this.remember(text, start, '');
    return true;
  }

  private knownMinute(text: string): Minute | undefined {
    if (isIn(this.latest, text)) return this.latest;
    if (!isIn(this.earlier, text)) return undefined;
    const found = this.earlier;
    this.earlier = this.latest;
    this.latest = found;
    return found;
  }

  private remember(text: string, start: number, problem: string): void {
    this.earlier = this.latest;
    this.latest = { prefix: text.slice(0, MINUTE_LENGTH), suffix: text.slice(MINUTE_LENGTH + 2), start, problem };
  }

  /** Forms that begin with a month or weekday are UTC to `parseTimestamp` when no zone is given; here that would be a guess. */
  private parse(text: string): ReturnType<typeof parseTimestamp> {
    const stamp = parseTimestamp(text, this.options);
    if (this.options.timeZone !== undefined || 'problem' in stamp || !/^\s*\p{L}/u.test(text)) return stamp;
    const elsewhere = parseTimestamp(text, { ...this.options, timeZone: 'Etc/GMT-1' });
    const hasZone = !('problem' in elsewhere) && elsewhere.time === stamp.time;
    return hasZone ? stamp : { problem: 'no zone: pass --timezone' };
  }

  private fail(problem: string): false {
    this.problem = problem;
    return false;
  }
}

/** length of `2024-01-01T11:11:` */
const MINUTE_LENGTH = 17;
const NO_MINUTE: Minute = { prefix: '', suffix: '', start: 0, problem: '' };
const DIGIT_0 = 48;
const COLON = 58;

function isIn({ prefix, suffix }: Minute, text: string): boolean {
  return text.length === prefix.length + 2 + suffix.length && text.startsWith(prefix) && text.endsWith(suffix);
}

/** The seconds of `2024-01-01T11:11:09Z` and its like without fraction, −1 for text of another form. */
function secondOf(text: string): number {
  if (text.length < 19 || text.charCodeAt(16) !== COLON || text.charCodeAt(13) !== COLON) return -1;
  const tens = text.charCodeAt(17) - DIGIT_0;
  const ones = text.charCodeAt(18) - DIGIT_0;
  if (tens < 0 || tens > 5 || ones < 0 || ones > 9) return -1;
  return tens * 10 + ones;
}
