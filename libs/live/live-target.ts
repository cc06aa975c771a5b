import type { Bus } from '../bus/bus';
import { embeddedBus } from '../ingest/embedded-bus';
import type { Correlator } from '../ingest/correlator';
import { InputRepository, type InputRow } from '../store/input.repository';
import type { Store } from '../store/store';
import type { Pseudonyms } from '../trace/pseudonyms';
import type { Checkpoint } from './checkpoint';
import { CheckpointRepository } from './checkpoint.repository';

/** Where live input puts what it reads, and keeps what it knows of its inputs: the store of this process, or a bus with writers behind it. */
export interface LiveTarget {
  /** the program's own folder: received syslog lies below it, and nothing else in it is input */
  readonly folder: string;
  readonly bus: Bus;
  /** of a store whose addresses have pseudonyms */
  readonly pseudonyms: Pseudonyms | undefined;
  /** the books of an input that goes on growing are written at most every so many ms */
  readonly booksMs: number;
  readonly books: {
    /** inputs that have been read */
    find(): Promise<InputRow[]>;
    /** writes the newest version of inputs, each named once */
    saveAll(rows: readonly InputRow[]): Promise<void>;
    /** takes back what these inputs brought; decimal ids */
    removeEvents(inputIds: readonly string[]): Promise<void>;
  };
  readonly checkpoints: {
    /** the newest of each file, newest first */
    load(): Promise<Checkpoint[]>;
    save(checkpoints: readonly Checkpoint[]): Promise<void>;
  };
  /** decimal ids of inputs that somebody has forgotten */
  forgotten(): Promise<string[]>;
  /** is anything there that journeys do not show yet? */
  anyUncorrelated(): Promise<boolean>;
  /** brings the journeys up to date; `everything`: what came before this program may not be in them either */
  correlate(everything: boolean): Promise<void>;
}

/** Live input into the store of this process, which also correlates it. */
export class StoreTarget implements LiveTarget {
  readonly folder: string;
  readonly bus: Bus;
  readonly pseudonyms: Pseudonyms | undefined;
  /** After each round, since what is in the journeys is marked in them. */
  readonly booksMs = 0;
  readonly books: InputRepository;
  readonly checkpoints: CheckpointRepository;

  constructor(
    private readonly store: Store,
    private readonly correlator: Correlator,
  ) {
    this.folder = store.path;
    this.bus = embeddedBus(store);
    this.pseudonyms = store.pseudonyms;
    this.books = new InputRepository(store);
    this.checkpoints = new CheckpointRepository(store);
  }

  async forgotten(): Promise<string[]> {
    return (await this.store.rows<{ id: string }>('queries/forgotten_inputs')).map(({ id }) => id);
  }

  anyUncorrelated(): Promise<boolean> {
    return this.books.anyUncorrelated();
  }

  async correlate(everything: boolean): Promise<void> {
    await (everything ? this.correlator.correlate() : this.correlator.bringUpToDate());
    await this.books.markCorrelated();
  }
}
