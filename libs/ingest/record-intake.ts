import type { Bus } from '../bus/bus';
import type { RecordBatch } from '../sources/readers/framer';
import type { CommonOptions, RecordParser, Source } from '../sources/source';
import type { Detection } from '../sources/detect';
import { PseudonymisingSink } from '../trace/pseudonymising-sink';
import type { EventSink } from '../trace/event-draft';
import type { Pseudonyms } from '../trace/pseudonyms';
import { RejectedRecordBlocks } from '../store/rejected-record.blocks';
import { TraceEventBlocks } from '../store/trace-event.blocks';
import { eventsRecord, rejectedRecord } from './bus-message';
import { keptText, type RecordForm } from './kept-text';
import { Tally } from './tally';
import { type ZoneCheck } from './zone-check';

/** So much of one input may be on its way to the writers: one block in one process, many through a broker. */
const BYTES_ON_THEIR_WAY = 16 * 1024 * 1024;

/** Where the records of one input go: events and rejected records onto the bus, each record into the tally. */
export class RecordIntake {
  readonly tally = new Tally();
  /** latest time that an event told, epoch ms; −1 = none yet */
  lastEventMs = -1;
  private readonly source: Source;
  private readonly form: RecordForm;
  private readonly parser: RecordParser;
  private readonly blocks: TraceEventBlocks;
  private readonly rejects: RejectedRecordBlocks;
  private readonly sink: EventSink;

  /** @param zones sees every event; one for all intakes of a file. @param pseudonyms the door: nothing gets in with a local part of an address */
  constructor(
    bus: Bus,
    private readonly inputId: string,
    { source, framing }: Pick<Detection, 'source' | 'framing'>,
    options: CommonOptions,
    zones: ZoneCheck,
    private readonly pseudonyms?: Pseudonyms,
  ) {
    this.source = source;
    this.form = { framing, hasRows: source.framings.includes('csv') };
    this.parser = source.parser(options);
    const { recordBytes } = bus;
    this.blocks = new TraceEventBlocks(
      inputId,
      (block, rows) => bus.publish('trace-events', [eventsRecord(bus, inputId, block, rows)]),
      recordBytes,
      Math.max(1, Math.floor(BYTES_ON_THEIR_WAY / recordBytes)),
    );
    this.rejects = new RejectedRecordBlocks(
      (block, rows) => bus.publish('rejected-records', [rejectedRecord(bus, inputId, block, rows)]),
      recordBytes,
    );
    const { blocks } = this;
    const plain = {
      draft: blocks.draft,
      emit: () => {
        zones.see(blocks.draft);
        if (blocks.draft.eventTime > this.lastEventMs) this.lastEventMs = blocks.draft.eventTime;
        blocks.emit();
      },
    };
    this.sink = pseudonyms ? new PseudonymisingSink(plain, pseudonyms) : plain;
  }

  get events(): number {
    return this.blocks.events;
  }

  /** Takes all records of a batch. `linesBefore` are lines of the file before those that the batch counts. */
  take(batch: RecordBatch, linesBefore = 0): void {
    const { parser, blocks, sink, tally } = this;
    for (let record = batch.next(); record; record = batch.next()) {
      const line = linesBefore + record.line;
      blocks.line = line;
      const outcome = record.problem === undefined ? parser.parse(record, sink) : { reject: record.problem };
      const reason = tally.count(outcome, line);
      if (reason !== undefined) {
        const { inputId, source, form } = this;
        const text = keptText(record, form, this.pseudonyms);
        this.rejects.add({ inputId, source: source.name, line, reason, text });
      }
    }
  }

  /** Call between batches: hands over what has been collected when it is much, and waits while the writers are behind. */
  async handOver(): Promise<void> {
    await this.blocks.handOver();
    await this.rejects.handOver();
  }

  /** Resolves when everything taken is on the bus for good; in one process: in the store. */
  async finish(): Promise<void> {
    await this.blocks.finish();
    await this.rejects.finish();
  }
}
