import { KIND, STATEMENT, TEXT, type EventDraft } from '../trace/event-draft';
import { postfixQueueIdTime } from '../trace/queue-id';

const ENOUGH = 200;
/** Clocks and slow clients explain minutes; a wrong zone shifts by a quarter of an hour or more. */
export const SUSPICIOUS_MS = 14 * 60_000;

/**
 * Compares the stamps of a log with the time inside its long queue ids: the commonest mistake is a wrong zone, and it shifts every number.
 */
export class ZoneCheck {
  private readonly offsets: number[] = [];

  /** Looks at an event that was just filled; cheap once enough have been seen. */
  see(draft: EventDraft): void {
    if (this.offsets.length >= ENOUGH || draft.kind !== KIND.opened || draft.statement === STATEMENT['message-id'])
      return;
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
    return `stamps are ${shift(median)} the time inside the queue ids: the zone is probably wrong. ${ZONE_REMEDY}`;
  }
}

/** Ends every warning of a wrong zone. */
export const ZONE_REMEDY = 'Undo it with `hoptime forget FILE`, then read the file again with `--timezone ZONE`';

function shift(ms: number): string {
  const hours = (Math.abs(ms) / 3_600_000).toFixed(2).replace(/\.?0+$/, '');
  return `${hours} h ${ms > 0 ? 'after' : 'before'}`;
}

/** A sentence for a file of an MTA whose stamps contradict those of the hops before: `medianMs` of `transfers` receptions minus hand-overs. */
export function neighbourWarning(mta: string, transfers: number, medianMs: number): string {
  return (
    `${mta} takes mail ${shift(medianMs)} the hop before handed it over (median of ${transfers}): ` +
    `the zone of one of the two is probably wrong. ${ZONE_REMEDY}`
  );
}
