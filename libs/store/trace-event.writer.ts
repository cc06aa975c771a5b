import { ROW_STRUCTURE } from './row-binary';
import type { RowBytes } from './spool';
import type { Store } from './store';

/** Writes blocks of RowBinary rows, as {@link TraceEventBlocks} makes them, of any inputs, into trace_events. Safe to repeat. */
export async function insertTraceEvents(store: Store, rows: RowBytes): Promise<void> {
  await store.insert('ingest/insert_trace_events', rows, { structure: ROW_STRUCTURE });
}
