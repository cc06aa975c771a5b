import { EventCollector } from '../../../trace/event-draft';
import { type TraceEvent } from '../../../trace/trace-event';
import { type CommonOptions, type Outcome, type RawRecord } from '../../source';
import { postfix } from './index';

/** 2026-11-24T00:00:00Z */
export const FILE_TIME = 1795478400000;

/** What every single line begins with: 2026-03-02T00:00:00Z at `mx1`. */
export const HEAD = 'Mar  2 00:00:00 mx1 postfix/';

/** A text as a reader would hand it over. */
export function record(text: string, line = 1): RawRecord {
  const bytes = Buffer.from(text, 'utf8');
  return { bytes, from: 0, to: bytes.length, line };
}

/** Reads one line by a parser of its own. */
export function read(text: string, options: Partial<CommonOptions> = {}): { outcome: Outcome; events?: TraceEvent[] } {
  const sink = new EventCollector();
  const outcome = postfix.parser({ fileTime: FILE_TIME, ...options }).parse(record(text), sink);
  return sink.events.length > 0 ? { outcome, events: sink.events } : { outcome };
}
