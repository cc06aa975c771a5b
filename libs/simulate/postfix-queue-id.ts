import { SECOND, type Micros } from './clock';
import type { PostfixHost } from './fleet';
import type { Random } from './random';

const BASE52 = '0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz';
const REST_BEFORE_REUSE: Micros = 60 * SECOND;

/**
 * The queue ids of one host. Long: seconds and microseconds in base 52, `z`, i-node in base 51 (Postfix MAIL_QUEUE, `enable_long_queue_ids`).
 * Short: microseconds and i-node in hexadecimal, and some of them come back after the message has left, as they do on real hosts.
 */
export class QueueIds {
  private inode = 0x1a000;
  private readonly free: { id: string; from: Micros }[] = [];

  constructor(
    private readonly host: PostfixHost,
    private readonly random: Random,
  ) {}

  /** A queue id for a message whose first log line comes at `opened`. */
  next(opened: Micros): string {
    if (this.host.queueIds === 'short' && this.random.chance(0.05)) {
      const at = this.free.findIndex((each) => each.from <= opened);
      if (at >= 0) return this.free.splice(at, 1)[0].id;
    }
    const created = opened - this.random.int(200, 3000);
    this.inode += this.random.int(1, 3);
    return this.host.queueIds === 'long' ? longQueueId(created, this.inode) : shortQueueId(created, this.inode);
  }

  /** The message has left: its id may be given again, a minute later. */
  release(id: string, removed: Micros): void {
    if (this.host.queueIds === 'long' || !this.random.chance(0.2)) return;
    this.free.push({ id, from: removed + REST_BEFORE_REUSE });
    if (this.free.length > 256) this.free.shift();
  }
}

export function longQueueId(created: Micros, inode: number): string {
  const time = digits(Math.floor(created / SECOND), 52, 6) + digits(created % SECOND, 52, 4);
  return `${time}z${digits(inode, 51, 1)}`;
}

export const shortQueueId = (created: Micros, inode: number): string =>
  (created % SECOND).toString(16).toUpperCase().padStart(5, '0') + inode.toString(16).toUpperCase();

function digits(value: number, base: number, width: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / base)) text = BASE52[rest % base] + text;
  return text.padStart(width, '0');
}
