import { type Bus, type BusBatch, type DeliveredRecord } from '../bus/bus';
import { codeOf } from '../store/clickhouse-error';
import { InputRepository, type InputRow } from '../store/input.repository';
import { insertRejectedRecords } from '../store/rejected-record.writer';
import { rejectedRow } from '../store/rejected-record.blocks';
import type { Store } from '../store/store';
import { insertTraceEvents } from '../store/trace-event.writer';
import { messageOf } from './bus-message';

export const WRITER_GROUP = 'writer';
/** So many bytes of rows go into one insert: twice as many inserts of half the size cost a quarter more. */
const INSERT_BYTES = 48 * 1024 * 1024;
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

const KINDS = ['events', 'rejected'] as const;
type Kind = (typeof KINDS)[number];

interface Block {
  readonly block: Buffer;
  readonly inputId: string;
  readonly record: DeliveredRecord;
}

/** What goes into the store together: rows of inputs that have begun, blocks, rows that say what came of an input. */
class Gathered {
  readonly begun = new Map<string, InputRow>();
  readonly ended = new Map<string, InputRow>();
  readonly blocks: Readonly<Record<Kind, Block[]>> = { events: [], rejected: [] };
  private readonly withBlocks = new Set<string>();
  private bytes = 0;

  hasRoomFor(block: Buffer): boolean {
    return this.bytes === 0 || this.bytes + block.length <= INSERT_BYTES;
  }

  addBlock(kind: Kind, block: Block): void {
    this.blocks[kind].push(block);
    this.withBlocks.add(block.inputId);
    this.bytes += block.block.length;
  }

  /** What came of an input before a row of it is in the store before that row. */
  addRow(row: InputRow): void {
    (this.withBlocks.has(row.inputId) ? this.ended : this.begun).set(row.inputId, row);
  }
}

/**
 * The writer's side of the bus: blocks of rows → the store. A batch is acknowledged when all of it is in. Blocks are inserted together, up to
 * {@link INSERT_BYTES}, of whichever inputs: an insert of ten rows costs as much as one of ten thousand. Doing it again changes nothing.
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
    let gathered = new Gathered();
    let inserted: Promise<void> = Promise.resolve();
    // While the engine takes one insert, the blocks of the next are unpacked.
    const flush = async (): Promise<void> => {
      await inserted;
      lost.throwIfAborted();
      inserted = this.insert(gathered);
      // Told to whoever waits for it next.
      inserted.catch(() => undefined);
      gathered = new Gathered();
    };
    try {
      for (const record of records) {
        const message = messageOf(this.bus, record);
        switch (message.kind) {
          case 'poison':
            await this.reject(message.inputId, message.reason, record.value);
            break;
          case 'input':
            gathered.addRow(message.row);
            break;
          case 'removal':
            await flush();
            await inserted;
            await this.inputs.removeEvents([message.inputId]);
            break;
          default: {
            const { kind, inputId, block } = message;
            // A row that ends an input is written behind all blocks: those that follow it are of another reading.
            if (!gathered.hasRoomFor(block) || gathered.ended.has(inputId)) await flush();
            gathered.addBlock(kind, { block, inputId, record });
          }
        }
      }
      await flush();
      await inserted;
    } finally {
      // Nothing of this batch is at work when it is delivered again.
      await inserted.catch(() => undefined);
    }
  }

  private async insert({ begun, blocks, ended }: Gathered): Promise<void> {
    await this.inputs.saveAll([...begun.values()]);
    for (const kind of KINDS) if (blocks[kind].length > 0) await this.insertBlocks(kind, blocks[kind]);
    await this.inputs.saveAll([...ended.values()]);
  }

  private async insertBlocks(kind: Kind, blocks: readonly Block[]): Promise<void> {
    try {
      await this.insertRows(
        kind,
        blocks.map(({ block }) => block),
      );
    } catch (error) {
      if (!REFUSES_BYTES.has(codeOf(error) ?? 0)) throw error;
      await this.insertOneByOne(kind, blocks);
    }
    this.counts[kind] += blocks.reduce((sum, { record }) => sum + Number(record.headers.rows), 0);
  }

  /** One of the blocks is none: the others go in, and that one to the rejected records. */
  private async insertOneByOne(kind: Kind, blocks: readonly Block[]): Promise<void> {
    for (const { block, inputId, record } of blocks) {
      try {
        await this.insertRows(kind, [block]);
      } catch (error) {
        const code = codeOf(error) ?? 0;
        if (!REFUSES_BYTES.has(code)) throw error;
        await this.reject(inputId, `${record.place}: the store cannot read its rows (code ${code})`, block);
      }
    }
  }

  private async insertRows(kind: Kind, rows: readonly Buffer[]): Promise<void> {
    await (kind === 'events' ? insertTraceEvents(this.store, rows) : insertRejectedRecords(this.store, rows));
  }

  /** Keeps a record of the bus that cannot be used, as far as rejected records are kept; until then its offset does not move on. */
  private async reject(inputId: string, reason: string, bytes: Buffer): Promise<void> {
    // Nobody knows what is in it.
    const text = this.store.pseudonyms ? Buffer.from(`(${bytes.length} bytes, not kept)`) : bytes;
    await insertRejectedRecords(this.store, rejectedRow({ inputId, source: BUS_SOURCE, line: 0, reason, text }));
    this.counts.poison++;
  }
}
