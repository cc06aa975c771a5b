import { EventDraft, type EventSink } from '../trace/event-draft';
import { RowBinaryBuffer } from './row-binary';

/** Takes a block of RowBinary rows; the bytes are its own until it resolves. */
export type HandOver = (block: Buffer, rows: number) => Promise<void>;

/**
 * The sink of the fast path: events become RowBinary rows in memory, block by block. A full block is handed over while the next one is filled;
 * when as many as are allowed are on their way, the reader waits.
 */
export class TraceEventBlocks implements EventSink {
  readonly draft = new EventDraft();
  /** physical line of the record whose events are emitted */
  line = 0;
  /** events taken so far */
  events = 0;
  private filling: RowBinaryBuffer | undefined;
  private readonly spares: RowBinaryBuffer[] = [];
  private readonly full: RowBinaryBuffer[] = [];
  private readonly onTheirWay: Promise<void>[] = [];

  /**
   * @param inputId decimal
   * @param blockBytes size of a block, at most, unless a row alone might be larger
   * @param most blocks that may be on their way at a time
   */
  constructor(
    private readonly inputId: string,
    private readonly hand: HandOver,
    private readonly blockBytes: number,
    private readonly most: number,
  ) {}

  emit(): void {
    const block = this.filling?.hasRoomFor(this.draft) ? this.filling : this.nextBlock();
    block.append(this.draft, this.line);
    this.events++;
  }

  /** Call between batches: hands full blocks over, and waits while too many are on their way. */
  async handOver(): Promise<void> {
    for (let block = this.full.shift(); block; block = this.full.shift()) {
      while (this.onTheirWay.length >= this.most) await this.onTheirWay.shift();
      this.send(block);
    }
  }

  /** Resolves when every event was taken. */
  async finish(): Promise<void> {
    await this.handOver();
    if (this.filling) this.send(this.filling);
    this.filling = undefined;
    for (let sent = this.onTheirWay.shift(); sent; sent = this.onTheirWay.shift()) await sent;
  }

  private nextBlock(): RowBinaryBuffer {
    if (this.filling) this.full.push(this.filling);
    this.filling = this.spares.pop() ?? new RowBinaryBuffer(this.inputId, this.blockBytes);
    return this.filling;
  }

  private send(block: RowBinaryBuffer): void {
    const sent = this.hand(block.content(), block.rows).then(() => {
      block.clear();
      this.spares.push(block);
    });
    // Its failure is told to whoever waits for it next.
    sent.catch(() => undefined);
    this.onTheirWay.push(sent);
  }
}
