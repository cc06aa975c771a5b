import type { Store } from './store';

/**
 * Writes a block of rejected records of one input (decimal id), as {@link RejectedRecordBlocks} makes it. Safe to repeat.
 * @param source name of the format that did not understand them
 */
export async function insertRejectedRecords(
  store: Store,
  inputId: string,
  source: string,
  rows: Buffer,
): Promise<void> {
  await store.insert('ingest/insert_rejected_records', rows, { input_id: inputId, source });
}
