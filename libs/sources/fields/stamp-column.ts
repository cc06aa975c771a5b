import { parseTimestamp, type Stamp, type StampOptions } from '../../trace/timestamp';
import type { RecordFields } from './record-fields';

/** A minute in which stamps were seen: the bytes around the seconds and its time, or why its stamps cannot be read. */
interface Minute {
  /** `2024-01-01T11:11:` */
  readonly prefix: Uint8Array;
  /** the zone, behind seconds and fraction */
  readonly suffix: Uint8Array;
  /** epoch ms */
  readonly start: number;
  readonly problem: string;
}

type Parse = (text: string) => Stamp | { problem: string };

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
  private readonly parse: Parse;

  /** @param parse instead of {@link parseTimestamp}, for columns with rules of their own */
  constructor(options: StampOptions, parse?: Parse) {
    this.parse = parse ?? ((text) => parseTimestamp(text, options));
  }

  /** Reads the stamp of a field, without blanks around it; answers whether `time` and `resolutionMs` are set, otherwise `problem` is. */
  read(fields: RecordFields, index: number): boolean {
    const { bytes } = fields;
    const from = fields.from[index];
    const to = fields.to[index];
    const second = secondOf(bytes, from, to);
    if (second < 0) return this.take(this.parse(fields.text(index)));
    let zone = from + MINUTE_LENGTH + 2;
    let milliseconds = 0;
    const isFine = zone + 1 < to && bytes[zone] === DOT && isDigit(bytes[zone + 1]);
    if (isFine) {
      let unit = 100;
      for (zone++; zone < to && isDigit(bytes[zone]); zone++, unit = unit > 1 ? unit / 10 : 0)
        milliseconds += (bytes[zone] - DIGIT_0) * unit;
    }
    const known = this.knownMinute(bytes, from, zone, to);
    if (known === undefined) {
      const stamp = this.parse(fields.text(index));
      this.remember(bytes, from, zone, to, stamp, second * 1000 + milliseconds);
      return this.take(stamp);
    }
    if (known.problem !== '') return this.fail(known.problem);
    this.time = known.start + second * 1000 + milliseconds;
    this.resolutionMs = isFine ? 1 : 1000;
    return true;
  }

  private knownMinute(bytes: Uint8Array, from: number, zone: number, to: number): Minute | undefined {
    if (isIn(this.latest, bytes, from, zone, to)) return this.latest;
    if (!isIn(this.earlier, bytes, from, zone, to)) return undefined;
    const found = this.earlier;
    this.earlier = this.latest;
    this.latest = found;
    return found;
  }

  private remember(
    bytes: Uint8Array,
    from: number,
    zone: number,
    to: number,
    stamp: ReturnType<Parse>,
    sinceMinute: number,
  ): void {
    const start = 'problem' in stamp ? 0 : stamp.time - sinceMinute;
    if (start % 60_000 !== 0) return;
    this.earlier = this.latest;
    const prefix = Uint8Array.from(bytes.subarray(from, from + MINUTE_LENGTH));
    const suffix = Uint8Array.from(bytes.subarray(zone, to));
    this.latest = { prefix, suffix, start, problem: 'problem' in stamp ? stamp.problem : '' };
  }

  private take(stamp: ReturnType<Parse>): boolean {
    if ('problem' in stamp) return this.fail(stamp.problem);
    this.time = stamp.time;
    this.resolutionMs = stamp.resolutionMs;
    return true;
  }

  private fail(problem: string): false {
    this.problem = problem;
    return false;
  }
}

/** length of `2024-01-01T11:11:` */
const MINUTE_LENGTH = 17;
const NO_MINUTE: Minute = { prefix: new Uint8Array(0), suffix: new Uint8Array(0), start: 0, problem: '' };
const DIGIT_0 = 48;
const DOT = 46;
const COLON = 58;

const isDigit = (byte: number): boolean => byte >= DIGIT_0 && byte <= DIGIT_0 + 9;

function isIn({ prefix, suffix }: Minute, bytes: Uint8Array, from: number, zone: number, to: number): boolean {
  if (prefix.length === 0 || to - zone !== suffix.length) return false;
  // From the end: of two stamps the minutes differ most often.
  for (let i = MINUTE_LENGTH - 1; i >= 0; i--) if (prefix[i] !== bytes[from + i]) return false;
  for (let i = 0; i < suffix.length; i++) if (suffix[i] !== bytes[zone + i]) return false;
  return true;
}

/** The seconds of `2024-01-01T11:11:09Z` and its like, −1 for bytes of another form. */
function secondOf(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 19 || bytes[from + 16] !== COLON || bytes[from + 13] !== COLON) return -1;
  const tens = bytes[from + 17] - DIGIT_0;
  const ones = bytes[from + 18] - DIGIT_0;
  if (tens < 0 || tens > 5 || ones < 0 || ones > 9) return -1;
  return tens * 10 + ones;
}
