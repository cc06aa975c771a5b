import { type Store } from '../store/store';

/** Records of one file that were not understood for one reason. */
export interface RejectedReason {
  file: string;
  source: string | null;
  reason: string;
  count: number;
  /** line of the first of them, from 1 */
  first_line: number;
  /** the first of them as it stands in the file */
  first_text: string;
}

/** What the inputs hold that was not understood. */
export class RejectedService {
  constructor(private readonly store: Pick<Store, 'rows'>) {}

  /** By file and reason, the commonest first; `file` is a path or the end of one. */
  byReason(file: string | undefined, limit: number): Promise<RejectedReason[]> {
    return this.store.rows<RejectedReason>('queries/rejected_by_reason', { file: file ?? '', limit });
  }
}
