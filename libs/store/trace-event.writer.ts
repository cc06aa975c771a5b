import { ROW_STRUCTURE } from './row-binary';
import type { Store } from './store';

/** Writes blocks of RowBinary rows of one input (decimal id), as {@link TraceEventBlocks} makes them, into trace_events. Safe to repeat. */
export async function insertTraceEvents(store: Store, inputId: string, rows: Buffer): Promise<void> {
  await store.insert('ingest/insert_trace_events', rows, { structure: ROW_STRUCTURE, input_id: inputId });
}
