import { KIND, STATEMENT, TEXT, type EventDraft } from '../trace/event-draft';
import { eximQueueIdTime, postfixQueueIdTime, sendmailQueueIdTime } from '../trace/queue-id';

const ENOUGH = 200;
/** Of the ids that hold a time the shortest are Sendmail's. */
const SHORTEST = 12;
/** Clocks and slow clients explain minutes; a wrong zone shifts by a quarter of an hour or more. */
export const SUSPICIOUS_MS = 14 * 60_000;

/**
 * Compares the stamps of a log with the time inside its queue ids (Postfix' long ones, Exim's, Sendmail's): the commonest mistake is a wrong zone, and it shifts every number.
 */
export class ZoneCheck {
  private readonly offsets: number[] = [];

  /** Looks at an event that was just filled; cheap once enough have been seen. */
  see(draft: EventDraft): void {
    if (this.offsets.length >= ENOUGH) return;
    const created = createdAt(draft);
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

/** The time inside the queue id of an event that lies at the beginning of one; epoch ms, undefined for all others. */
function createdAt(draft: EventDraft): number | undefined {
  const opened = draft.kind === KIND.opened && draft.statement !== STATEMENT['message-id'];
  const received = draft.kind === KIND.received && draft.statement === STATEMENT['queue-active'];
  if ((!opened && !received) || draft.to[TEXT.queueId] - draft.from[TEXT.queueId] < SHORTEST) return undefined;
  const id = textOf(draft, TEXT.queueId);
  const product = textOf(draft, TEXT.product);
  if (product === 'exim') return eximQueueIdTime(id);
  if (product === 'sendmail') return sendmailQueueIdTime(id, draft.eventTime);
  // A retry makes a message active again.
  return opened ? postfixQueueIdTime(id) : undefined;
}

function textOf(draft: EventDraft, column: number): string {
  return Buffer.from(draft.buffer[column].subarray(draft.from[column], draft.to[column])).toString('latin1');
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
