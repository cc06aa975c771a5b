import { EventDraft, type EventSink } from '../trace/event-draft';
import { ROW_STRUCTURE, RowBinaryBuffer } from './row-binary';
import type { Store } from './store';

/** Rows are handed to the engine in blocks of about this size. */
const BLOCK_BYTES = 16 * 1024 * 1024;

/**
 * The sink of the fast path: events become RowBinary rows in memory; a full block goes through a spool file into trace_events while the
 * next one is filled. At most two blocks exist, so a slow disk slows the reader down.
 */
export class TraceEventWriter implements EventSink {
  readonly draft = new EventDraft();
  /** physical line of the record whose events are emitted */
  line = 0;
  /** events taken so far */
  events = 0;
  private filling = new RowBinaryBuffer(BLOCK_BYTES);
  private spare: RowBinaryBuffer | undefined = new RowBinaryBuffer(BLOCK_BYTES);
  private readonly full: RowBinaryBuffer[] = [];
  private inserting: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Store,
    private readonly inputId: string,
  ) {}

  emit(): void {
    if (!this.filling.hasRoom) {
      this.full.push(this.filling);
      this.filling = this.spare ?? new RowBinaryBuffer(BLOCK_BYTES);
      this.spare = undefined;
    }
    this.filling.append(this.draft, this.line);
    this.events++;
  }

  /** Call between batches: hands full blocks over, and waits while two are on their way. */
  async handOver(): Promise<void> {
    while (this.full.length) {
      await this.inserting;
      const block = this.full.shift();
      if (block) this.inserting = this.insert(block);
    }
  }

  /** Resolves when every event is in the store. */
  async finish(): Promise<void> {
    await this.handOver();
    await this.inserting;
    await this.insert(this.filling);
  }

  private async insert(block: RowBinaryBuffer): Promise<void> {
    if (block.rows) {
      const parameters = { structure: ROW_STRUCTURE, input_id: this.inputId };
      await this.store.insert('ingest/insert_trace_events', block.content(), parameters);
    }
    block.clear();
    if (block !== this.filling) this.spare ??= block;
  }
}
