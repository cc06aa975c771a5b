import { EventDraft, type EventSink } from '../../../trace/event-draft';
import { type Framing, type Likeness, type RawRecord } from '../../source';
import { SKIP } from './outcomes';
import { PostfixParser } from './parser';

/** Stamps of a sample are only looked at, so any leap year does. */
const SAMPLE_TIME = Date.UTC(2024, 11, 31);

const nowhere: EventSink = { draft: new EventDraft(), emit: () => undefined };

/**
 * How much a sample looks like a Postfix log: 0 without any line of Postfix; from 0.5 for a mail.log that other programs
 * fill to 1 for one that Postfix wrote alone. Comments and empty lines do not count.
 */
export function likenessOf(sample: readonly RawRecord[], framing: Framing): Likeness {
  if (framing !== 'lines') return { score: 0, reason: 'Postfix logs are lines' };
  const parser = new PostfixParser({ fileTime: SAMPLE_TIME, mta: 'sample' });
  let lines = 0;
  let postfix = 0;
  for (const record of sample) {
    const outcome = parser.parse(record, nowhere);
    if (outcome === SKIP.empty || outcome === SKIP.comment) continue;
    lines++;
    if (outcome === 'events' || ('skip' in outcome && outcome !== SKIP.notPostfix)) postfix++;
  }
  if (postfix === 0) return { score: 0, reason: `none of ${lines} lines is a Postfix program's` };
  return { score: 0.5 + (0.5 * postfix) / lines, reason: `${postfix} of ${lines} lines are Postfix programs'` };
}
