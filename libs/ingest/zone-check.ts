import { KIND, STATEMENT, TEXT, type EventDraft } from '../trace/event-draft';
import { postfixQueueIdTime } from '../trace/queue-id';

const ENOUGH = 200;
/** Clocks and slow clients explain minutes; a wrong zone shifts by a quarter of an hour or more. */
const SUSPICIOUS_MS = 14 * 60_000;

/**
 * Compares the stamps of a log with the time inside its long queue ids: the commonest mistake is a wrong zone, and it shifts every number.
 */
export class ZoneCheck {
  private readonly offsets: number[] = [];

  /** Looks at an event that was just filled; cheap once enough have been seen. */
  see(draft: EventDraft): void {
    if (this.offsets.length >= ENOUGH || draft.kind !== KIND.opened || draft.statement === STATEMENT['message-id']) return;
    const [from, to] = [draft.from[TEXT.queueId], draft.to[TEXT.queueId]];
    if (to - from < 14) return;
    const id = Buffer.from(draft.buffer[TEXT.queueId].subarray(from, to)).toString('latin1');
    const created = postfixQueueIdTime(id);
    if (created !== undefined) this.offsets.push(draft.eventTime - created);
  }

  /** A sentence when the stamps contradict the queue ids. */
  warning(): string | undefined {
    if (this.offsets.length < 3) return undefined;
    const median = [...this.offsets].sort((a, b) => a - b)[Math.floor(this.offsets.length / 2)];
    if (Math.abs(median) < SUSPICIOUS_MS) return undefined;
    const hours = (Math.abs(median) / 3_600_000).toFixed(2).replace(/\.?0+$/, '');
    return (
      `stamps are ${hours} h ${median > 0 ? 'after' : 'before'} the time inside the queue ids: the zone is probably wrong. ` +
      'Read the file again with `--replace --timezone ZONE` (or undo it with `hoptime forget FILE`)'
    );
  }
}
