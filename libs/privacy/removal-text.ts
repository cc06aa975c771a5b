import { countText } from '../delay/duration-text';
import type { Removal } from './removal-log';

/** `1,204 trace_events, 310 journeys`; `nothing`. */
export function removalText(removals: readonly Removal[]): string {
  const parts = removals
    .filter(({ removed }) => removed > 0)
    .map(({ what, removed }) => `${countText(removed)} ${what}`);
  return parts.length > 0 ? parts.join(', ') : 'nothing';
}
