import { pause, type Bus } from '../bus/bus';
import { InProcessBus } from '../bus/in-process.bus';
import { BusSetupError, type Note } from '../bus/kafka-client';
import type { Config } from '../config/config';

const RETRY_MS = 2000;

/**
 * Opens the bus of the configuration; brokers that do not answer yet are waited for.
 * @throws BusSetupError for what somebody must change; what `signal` says when it is aborted
 */
export async function openBus(
  { busUrl, busUsername, busPassword }: Pick<Config, 'busUrl' | 'busUsername' | 'busPassword'>,
  note: Note,
  signal: AbortSignal,
): Promise<Bus> {
  if (busUrl.kind === 'memory') return new InProcessBus();
  const { KafkaBus } = await import('../bus/kafka.bus.js');
  const credentials = { username: busUsername, password: busPassword };
  for (let said = false; ; said = true) {
    try {
      return await KafkaBus.open(busUrl, { credentials, note });
    } catch (error) {
      if (error instanceof BusSetupError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (/authentication|SASL/i.test(reason)) throw new BusSetupError([`the brokers refuse this user: ${reason}`]);
      if (!said) note(`the bus does not answer yet (${reason}): trying until it does`);
      await pause(RETRY_MS, signal);
      signal.throwIfAborted();
    }
  }
}
