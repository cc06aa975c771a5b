import { type Store } from '../store/store';
import { type RejectedReason } from './rejected.service';
import { isoFromStore } from './store-time';

interface Books {
  records: number;
  parsed: number;
  skipped: number;
  rejected: number;
  events: number;
}

/** An input that was read, with its books (interfaces.md §3). */
export interface ReadInput extends Books {
  input_id: string;
  path: string;
  format: string;
  state: 'reading' | 'read';
  /** the journeys show its events */
  correlated: boolean;
  problem: string | null;
  ingested_at: string;
}

export interface ReadInputs {
  inputs: ReadInput[];
  totals: Books & { inputs: number };
  rejected: RejectedReason[];
  changed_at: string | null;
  removed: RemovedRows[];
}

/** What retention or erasure took away. */
export interface RemovedRows {
  cause: 'retention' | 'erase';
  /** table, or `files` */
  what: string;
  removed: number;
  last_at: string;
}

/** What was read, and what of it was not understood. */
export class InputService {
  constructor(private readonly store: Pick<Store, 'rows'>) {}

  /** The newest `limit` inputs and reasons of rejection, of all files or of those whose path ends in `file`; totals are of all that match. */
  async inputs(file: string | undefined, limit: number): Promise<ReadInputs> {
    const parameters = { file: file ?? '', limit };
    const [inputs, [{ changed_at, ...totals }], rejected, removed] = await Promise.all([
      this.store.rows<ReadInput>('queries/inputs', parameters),
      this.store.rows<ReadInputs['totals'] & { changed_at: string | null }>('queries/input_totals', parameters),
      this.store.rows<RejectedReason>('queries/rejected_by_reason', parameters),
      this.store.rows<RemovedRows>('queries/removals'),
    ]);
    return {
      inputs: inputs.map((input) => ({ ...input, ingested_at: isoFromStore(input.ingested_at) as string })),
      totals,
      rejected,
      changed_at: isoFromStore(changed_at),
      removed: removed.map((row) => ({
        ...row,
        removed: Number(row.removed),
        last_at: isoFromStore(row.last_at) as string,
      })),
    };
  }
}
