import { REJECTED_ROW_STRUCTURE } from './rejected-record.blocks';
import type { RowBytes } from './spool';
import type { Store } from './store';

/** Writes blocks of rejected records, as {@link RejectedRecordBlocks} makes them, of any inputs. Safe to repeat. */
export async function insertRejectedRecords(store: Store, rows: RowBytes): Promise<void> {
  await store.insert('ingest/insert_rejected_records', rows, { structure: REJECTED_ROW_STRUCTURE });
}
