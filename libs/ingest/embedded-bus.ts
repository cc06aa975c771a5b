import type { Bus } from '../bus/bus';
import { IN_PROCESS, InProcessBus } from '../bus/in-process.bus';
import type { Store } from '../store/store';
import { StoreWriter } from './store-writer';

/**
 * Rows of one insert are one part: half as many parts cost a tenth less to write, and a correlation, which reads a slice of each of them, a tenth
 * less to read. Two such blocks are in memory at a time.
 */
const RECORD_BYTES = 32 * 1024 * 1024;

/**
 * The bus of a program that reads and writes by itself: a block that a collector hands over is inserted as it is. What the store refuses is
 * told to whoever handed it over, at once: a full disk ends a command with a sentence, not with a program that waits.
 */
export function embeddedBus(store: Store): Bus {
  const bus = new InProcessBus({ ...IN_PROCESS, recordBytes: RECORD_BYTES, limitBytes: 2 * RECORD_BYTES, attempts: 1 });
  void new StoreWriter(store, bus).start();
  return bus;
}
