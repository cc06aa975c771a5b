import { EventDraft, type EventSink } from '../../trace/event-draft';
import {
  type CommonOptions,
  type Framing,
  type Likeness,
  type Outcome,
  type RawRecord,
  type RecordParser,
} from '../source';

/** Stamps of a sample are only looked at, so any leap year does. */
const SAMPLE_TIME = Date.UTC(2024, 11, 31);

const nowhere: EventSink = { draft: new EventDraft(), emit: () => undefined };

/**
 * How much a sample looks like a log of lines: 0 without any line of the product; from 0.5 for a log that other programs fill to 1 for one
 * that it wrote alone. `blank` are outcomes of lines that do not count, `foreign` those of other programs' lines.
 */
export function lineLikeness(
  product: string,
  parserOf: (options: CommonOptions) => RecordParser,
  blank: readonly Outcome[],
  foreign: readonly Outcome[],
): (sample: readonly RawRecord[], framing: Framing) => Likeness {
  return (sample, framing) => {
    if (framing !== 'lines') return { score: 0, reason: `${product} logs are lines` };
    const parser = parserOf({ fileTime: SAMPLE_TIME, mta: 'sample' });
    let lines = 0;
    let own = 0;
    for (const record of sample) {
      const outcome = parser.parse(record, nowhere);
      if (blank.includes(outcome)) continue;
      lines++;
      if (outcome === 'events' || ('skip' in outcome && !foreign.includes(outcome))) own++;
    }
    if (own === 0) return { score: 0, reason: `none of ${lines} lines is a ${product} program's` };
    return { score: 0.5 + (0.5 * own) / lines, reason: `${own} of ${lines} lines are ${product} programs'` };
  };
}
