import type { Outcome } from '../sources/source';

/** Why records were rejected: how often, and the first line it happened on. */
export interface RejectedReason {
  readonly reason: string;
  count: number;
  readonly firstLine: number;
}

const MAX_REASONS = 50;

/** The books of one file. They balance: records = parsed + skipped + rejected. */
export class Tally {
  records = 0;
  parsed = 0;
  skipped = 0;
  rejected = 0;
  private readonly reasons = new Map<string, RejectedReason>();

  /** Counts one record; says whether it was rejected, and why. */
  count(outcome: Outcome, line: number): string | undefined {
    this.records++;
    if (outcome === 'events') {
      this.parsed++;
      return undefined;
    }
    if ('skip' in outcome) {
      this.skipped++;
      return undefined;
    }
    this.rejected++;
    const known = this.reasons.get(outcome.reject);
    if (known) known.count++;
    else if (this.reasons.size < MAX_REASONS) {
      this.reasons.set(outcome.reject, { reason: outcome.reject, count: 1, firstLine: line });
    }
    return outcome.reject;
  }

  /** Most frequent first. */
  rejectedReasons(): RejectedReason[] {
    return [...this.reasons.values()].sort((a, b) => b.count - a.count || a.firstLine - b.firstLine);
  }
}
