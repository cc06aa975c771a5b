import { SECOND, type Micros } from './clock';
import type { Host } from './hosts';
import type { Random } from './random';

const BASE52 = '0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz';
const BASE51 = BASE52.slice(0, 51);
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const REST_BEFORE_REUSE: Micros = 60 * SECOND;

/**
 * The queue ids of one host. Of Postfix long: seconds and microseconds in base 52, `z`, i-node in base 51 (MAIL_QUEUE, `enable_long_queue_ids`);
 * short: microseconds and i-node in hexadecimal, and some of them come back after the message has left, as they do on real hosts.
 */
export class QueueIds {
  private inode = 0x1a000;
  private readonly free: { id: string; from: Micros }[] = [];

  private readonly reuses: boolean;

  constructor(
    private readonly host: Host,
    private readonly random: Random,
  ) {
    this.reuses = host.product === 'postfix' && host.queueIds === 'short';
  }

  /** A queue id for a message whose first log line comes at `opened`. */
  next(opened: Micros): string {
    if (this.reuses && this.random.chance(0.05)) {
      const at = this.free.findIndex((each) => each.from <= opened);
      if (at >= 0) return this.free.splice(at, 1)[0].id;
    }
    const created = opened - this.random.int(200, 3000);
    this.inode += this.random.int(1, 3);
    const { product } = this.host;
    if (product === 'sendmail') return sendmailQueueId(opened, this.inode);
    if (product === 'exim') return eximId(created, this.inode);
    // internal-message-id: a number that only grows
    if (product !== 'postfix') return String(4_711_000_000_000 + this.inode);
    return this.host.queueIds === 'long' ? longQueueId(created, this.inode) : shortQueueId(created, this.inode);
  }

  /** The message has left: its id may be given again, a minute later. */
  release(id: string, removed: Micros): void {
    if (!this.reuses || !this.random.chance(0.2)) return;
    this.free.push({ id, from: removed + REST_BEFORE_REUSE });
    if (this.free.length > 256) this.free.shift();
  }
}

export function longQueueId(created: Micros, inode: number): string {
  const time = digits(Math.floor(created / SECOND), BASE52, 6) + digits(created % SECOND, BASE52, 4);
  return `${time}z${digits(inode, BASE51, 1)}`;
}

export const shortQueueId = (created: Micros, inode: number): string =>
  (created % SECOND).toString(16).toUpperCase().padStart(5, '0') + inode.toString(16).toUpperCase();

/** Year, month, day, hour, minute, second in base 60, two digits of a sequence, six of the process (Sendmail 8.12 and later). */
export function sendmailQueueId(created: Micros, sequence: number): string {
  const time = new Date(Math.floor(created / SECOND) * 1000);
  const day = [time.getUTCFullYear() - 1900, time.getUTCMonth(), time.getUTCDate()];
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()];
  const parts = [...day, ...clock, Math.floor(sequence / 60), sequence].map((part) => BASE62[part % 60]);
  return parts.join('') + String(1000 + Math.floor(sequence / 20)).padStart(6, '0');
}

/** Seconds in base 62, process and fraction of the second (Exim 4.97 and later). */
export function eximId(created: Micros, process: number): string {
  const [seconds, fraction] = [Math.floor(created / SECOND), created % SECOND];
  return `${digits(seconds, BASE62, 6)}-${digits(process, BASE62, 11)}-${digits(fraction, BASE62, 4)}`;
}

function digits(value: number, alphabet: string, width: number): string {
  const base = alphabet.length;
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / base)) text = alphabet[rest % base] + text;
  return text.padStart(width, '0');
}
