import type { Bus } from '../bus/bus';
import { IN_PROCESS, InProcessBus } from '../bus/in-process.bus';
import type { Store } from '../store/store';
import { StoreWriter } from './store-writer';

/**
 * The bus of a program that reads and writes by itself: a block that a collector hands over is inserted as it is. What the store refuses is
 * told to whoever handed it over, at once: a full disk ends a command with a sentence, not with a program that waits.
 */
export function embeddedBus(store: Store): Bus {
  const bus = new InProcessBus({ ...IN_PROCESS, attempts: 1 });
  void new StoreWriter(store, bus).start();
  return bus;
}
