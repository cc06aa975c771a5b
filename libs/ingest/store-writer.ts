import { BATCH_BYTES, type Bus, type BusBatch, type DeliveredRecord } from '../bus/bus';
import { codeOf } from '../store/clickhouse-error';
import { InputRepository } from '../store/input.repository';
import { insertRejectedRecords } from '../store/rejected-record.writer';
import { rejectedRow } from '../store/rejected-record.blocks';
import type { Store } from '../store/store';
import { insertTraceEvents } from '../store/trace-event.writer';
import { messageOf, type BusMessage } from './bus-message';

export const WRITER_GROUP = 'writer';
/** Source of rejected records that were no records of a file but of the bus. */
const BUS_SOURCE = 'bus';
/**
 * Codes with which ClickHouse refuses bytes as such, whatever state it is in: cannot parse, cannot read all data, attempt to read after eof,
 * incorrect data, too large size of array or string, unknown element of enum.
 */
const REFUSES_BYTES = new Set([27, 32, 33, 117, 128, 131, 691]);

/** When the oldest of what a record of `store-changes` tells of came onto the bus, epoch ms. */
export const changedSince = ({ headers, publishedAt }: DeliveredRecord): number => Number(headers.since ?? publishedAt);

export interface StoreWriterOptions {
  /** runs what changes the store, one at a time */
  readonly turn?: <T>(work: () => Promise<T>) => Promise<T>;
  /** says on the bus that the store has changed, for those who correlate */
  readonly announce?: boolean;
}

/** Blocks of one input and kind that are inserted together. */
interface Gathered {
  readonly kind: 'events' | 'rejected';
  readonly inputId: string;
  readonly source: string;
  readonly blocks: { readonly block: Buffer; readonly record: DeliveredRecord }[];
  bytes: number;
}

/**
 * The writer's side of the bus: blocks of rows → the store. A batch is acknowledged when all of it is in. Blocks of one input are inserted
 * together, up to {@link BATCH_BYTES}. Doing it again changes nothing.
 */
export class StoreWriter {
  /** rows written, and records of the bus that were none and are kept among the rejected ones */
  readonly counts = { events: 0, rejected: 0, poison: 0 };
  private readonly inputs: InputRepository;
  private readonly turn: <T>(work: () => Promise<T>) => Promise<T>;

  constructor(
    private readonly store: Store,
    private readonly bus: Bus,
    private readonly options: StoreWriterOptions = {},
  ) {
    this.inputs = new InputRepository(store);
    this.turn = options.turn ?? ((work) => work());
  }

  async start(): Promise<void> {
    const write = (batch: BusBatch): Promise<void> => this.write(batch);
    await this.bus.subscribe('trace-events', WRITER_GROUP, write);
    await this.bus.subscribe('rejected-records', WRITER_GROUP, write);
  }

  private async write({ records, lost }: BusBatch): Promise<void> {
    await this.turn(() => this.writeAll(records, lost));
    if (!this.options.announce) return;
    const since = Math.min(...records.map(({ publishedAt }) => publishedAt));
    await this.bus.publish('store-changes', [{ key: '', headers: { since: String(since) }, value: Buffer.alloc(0) }]);
  }

  private async writeAll(records: readonly DeliveredRecord[], lost: AbortSignal): Promise<void> {
    const gathered = new Map<string, Gathered>();
    const flush = async (key: string): Promise<void> => {
      lost.throwIfAborted();
      const blocks = gathered.get(key);
      gathered.delete(key);
      if (blocks) await this.insert(blocks);
    };
    for (const record of records) {
      const message = messageOf(this.bus, record);
      if (message.kind === 'poison') await this.reject(message.inputId, message.reason, record);
      else if (message.kind === 'events' || message.kind === 'rejected') {
        const key = `${message.kind} ${message.inputId}`;
        if ((gathered.get(key)?.bytes ?? 0) + message.block.length > BATCH_BYTES) await flush(key);
        gather(gathered, key, message, record);
      } else {
        // What came of this input before its row is in the store before its row says so.
        await flush(`events ${message.kind === 'input' ? message.row.inputId : message.inputId}`);
        await (message.kind === 'input' ? this.inputs.save(message.row) : this.inputs.removeEvents([message.inputId]));
      }
    }
    for (const key of [...gathered.keys()]) await flush(key);
  }

  private async insert(gathered: Gathered): Promise<void> {
    const { blocks } = gathered;
    try {
      const rows = blocks.length === 1 ? blocks[0].block : Buffer.concat(blocks.map(({ block }) => block));
      await this.insertRows(gathered, rows);
    } catch (error) {
      if (!REFUSES_BYTES.has(codeOf(error) ?? 0)) throw error;
      await this.insertOneByOne(gathered);
    }
    this.counts[gathered.kind] += blocks.reduce((sum, { record }) => sum + Number(record.headers.rows), 0);
  }

  /** One of the blocks is none: the others go in, and that one to the rejected records. */
  private async insertOneByOne(gathered: Gathered): Promise<void> {
    for (const { block, record } of gathered.blocks) {
      try {
        await this.insertRows(gathered, block);
      } catch (error) {
        const code = codeOf(error) ?? 0;
        if (!REFUSES_BYTES.has(code)) throw error;
        await this.reject(gathered.inputId, `${record.place}: the store cannot read its rows (code ${code})`, record);
      }
    }
  }

  private async insertRows({ kind, inputId, source }: Gathered, rows: Buffer): Promise<void> {
    if (kind === 'events') await insertTraceEvents(this.store, inputId, rows);
    else await insertRejectedRecords(this.store, inputId, source, rows);
  }

  /** Keeps a record of the bus that cannot be used, as far as rejected records are kept; until then its offset does not move on. */
  private async reject(inputId: string, reason: string, { value }: DeliveredRecord): Promise<void> {
    // Nobody knows what is in it.
    const text = this.store.pseudonyms ? Buffer.from(`(${value.length} bytes, not kept)`) : value;
    await insertRejectedRecords(this.store, inputId, BUS_SOURCE, rejectedRow({ line: 0, reason, text }));
    this.counts.poison++;
  }
}

function gather(
  gathered: Map<string, Gathered>,
  key: string,
  message: Extract<BusMessage, { block: Buffer }>,
  record: DeliveredRecord,
): void {
  const { kind, inputId, block } = message;
  const source = message.kind === 'rejected' ? message.source : '';
  const blocks = gathered.get(key) ?? { kind, inputId, source, blocks: [], bytes: 0 };
  blocks.blocks.push({ block, record });
  blocks.bytes += block.length;
  gathered.set(key, blocks);
}
