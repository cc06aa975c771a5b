import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Bus } from '../bus/bus';
import { inputRecord, removalRecord } from '../ingest/bus-message';
import type { InputRow } from '../store/input.repository';
import type { Pseudonyms } from '../trace/pseudonyms';
import { NO_DIGEST, type Checkpoint } from './checkpoint';
import { KeyedLog } from './keyed-log';
import type { LiveTarget } from './live-target';

/**
 * What a collector reads goes onto the bus; how far it has read it keeps in a folder of its own, since it has no store. A folder belongs to one
 * collector. Written when the bus has acknowledged: a collector that is killed reads a little once more, which changes nothing.
 */
export class CollectorTarget implements LiveTarget {
  readonly folder: string;
  /** Each row is an insert at the store, which costs more than the events of a moment. */
  readonly booksMs = 2000;
  readonly books;
  readonly checkpoints;
  private readonly rows: KeyedLog<InputRow>;
  private readonly positions: KeyedLog<Checkpoint>;

  /** @throws what the system says of the folder */
  constructor(
    folder: string,
    readonly bus: Bus,
    readonly pseudonyms: Pseudonyms | undefined = undefined,
  ) {
    this.folder = resolve(folder);
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const rows = new KeyedLog<InputRow>(join(this.folder, 'inputs.ndjson'));
    const positions = new KeyedLog<Checkpoint>(join(this.folder, 'checkpoints.ndjson'));
    this.rows = rows;
    this.positions = positions;
    this.books = {
      find: (): Promise<InputRow[]> => Promise.resolve([...rows.values]),
      saveAll: async (inputs: readonly InputRow[]): Promise<void> => {
        // Whether journeys show it is for the correlator to say.
        await bus.publish(
          'trace-events',
          inputs.map((row) => inputRecord(bus, { ...row, correlated: false })),
        );
        for (const row of inputs) this.note(row);
      },
      removeEvents: (inputIds: readonly string[]): Promise<void> =>
        bus.publish(
          'trace-events',
          inputIds.map((inputId) => removalRecord(bus, inputId)),
        ),
    };
    this.checkpoints = {
      load: (): Promise<Checkpoint[]> =>
        // An earlier version kept no digests.
        Promise.resolve(positions.values.map((kept) => ({ ...NO_DIGEST, ...kept })).reverse()),
      save: (checkpoints: readonly Checkpoint[]): Promise<void> => {
        positions.put(checkpoints.map((checkpoint) => [checkpoint.inputId, checkpoint]));
        return Promise.resolve();
      },
    };
  }

  /** Remembers an input that is on the bus. */
  note(row: InputRow): void {
    this.rows.put([[row.inputId, row]]);
  }

  /** What is forgotten in the store is not known here: its file is not read again unless it grows. */
  forgotten(): Promise<string[]> {
    return Promise.resolve([]);
  }

  anyUncorrelated(): Promise<boolean> {
    return Promise.resolve(false);
  }

  correlate(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.rows.close();
    this.positions.close();
  }
}
