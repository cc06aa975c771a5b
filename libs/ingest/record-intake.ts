import type { RecordBatch } from '../sources/readers/framer';
import type { CommonOptions, RecordParser, Source } from '../sources/source';
import { RejectedRecordWriter } from '../store/rejected-record.writer';
import type { Store } from '../store/store';
import { TraceEventWriter } from '../store/trace-event.writer';
import { Tally } from './tally';
import { type ZoneCheck } from './zone-check';

/** Where the records of one input go: events and rejected records into the store, each record into the tally. */
export class RecordIntake {
  readonly tally = new Tally();
  /** latest time that an event told, epoch ms; −1 = none yet */
  lastEventMs = -1;
  private readonly parser: RecordParser;
  private readonly writer: TraceEventWriter;
  private readonly rejects: RejectedRecordWriter;
  private readonly sink;

  /** @param zones sees every event; one for all intakes of a file */
  constructor(store: Store, inputId: string, source: Source, options: CommonOptions, zones: ZoneCheck) {
    this.parser = source.parser(options);
    this.writer = new TraceEventWriter(store, inputId);
    this.rejects = new RejectedRecordWriter(store, inputId, source.name);
    const { writer } = this;
    this.sink = {
      draft: writer.draft,
      emit: () => {
        zones.see(writer.draft);
        if (writer.draft.eventTime > this.lastEventMs) this.lastEventMs = writer.draft.eventTime;
        writer.emit();
      },
    };
  }

  get events(): number {
    return this.writer.events;
  }

  /** Takes all records of a batch. `linesBefore` are lines of the file before those that the batch counts. */
  take(batch: RecordBatch, linesBefore = 0): void {
    const { parser, writer, sink, tally } = this;
    for (let record = batch.next(); record; record = batch.next()) {
      const line = linesBefore + record.line;
      writer.line = line;
      const outcome = record.problem === undefined ? parser.parse(record, sink) : { reject: record.problem };
      const reason = tally.count(outcome, line);
      if (reason !== undefined) {
        this.rejects.add({ line, reason, text: record.bytes.subarray(record.from, record.to) });
      }
    }
  }

  /** Call between batches: writes what has been collected when it is much, and waits while the store is behind. */
  async handOver(): Promise<void> {
    await this.writer.handOver();
    await this.rejects.handOver();
  }

  /** Resolves when everything taken is in the store. */
  async finish(): Promise<void> {
    await this.writer.finish();
    await this.rejects.finish();
  }
}
