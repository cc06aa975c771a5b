import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MILLISECOND, type Micros } from './clock';
import { Simulation } from './simulation';
import type { SimulationOptions, SimulationSummary } from './simulation-summary';

const FIRST_DAY = Date.UTC(2026, 2, 2);
const OWN_ENTRIES = [
  ...['hes', 'postfix', 'sendmail', 'exim', 'exchange', 'microsoft-365', 'mail'],
  ...['truth.json', 'truth.ndjson', 'README.txt'],
];

/**
 * Writes a synthetic fleet of known truth: HES tracking exports, Postfix logs and mail files as the products write them, and
 * `truth.ndjson` (one {@link TrueJourney} per line) with `truth.json` (this function's answer), computed from the model alone.
 * Memory does not grow with `messages`. Throws for impossible options and for what the file system refuses.
 */
export async function simulate(options: SimulationOptions): Promise<SimulationSummary> {
  const start = checkedStart(options);
  prepare(options.out);
  const run = new Simulation(options, start);
  await run.play();
  return run.finish();
}

/** The sample fleet of `hoptime demo`: hosts of all kinds, 20,000 messages, Monday 2 March to Sunday 22 March 2026, all stamps in UTC. */
export const demoFleet = (outDir: string): Promise<SimulationSummary> =>
  simulate({ out: outDir, messages: 20_000, seed: 20_260_302, days: 21, fleet: 'mixed' });

function checkedStart({ messages, seed, days, start }: SimulationOptions): Micros {
  if (!Number.isSafeInteger(messages) || messages < 1)
    throw new RangeError(`messages: a whole number from 1, not ${messages}`);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed: a whole number, not ${seed}`);
  if (!Number.isInteger(days) || days < 1 || days > 366)
    throw new RangeError(`days: a whole number from 1 to 366, not ${days}`);
  const epochMs = start?.getTime() ?? FIRST_DAY;
  if (!Number.isFinite(epochMs) || epochMs % 86_400_000) throw new RangeError('start: a midnight UTC');
  return epochMs * MILLISECOND;
}

function prepare(out: string): void {
  if (existsSync(out) && readdirSync(out).length) {
    if (!existsSync(join(out, 'truth.json')))
      throw new Error(`${out} holds files that are no earlier simulation: give an empty or new folder`);
    for (const name of OWN_ENTRIES) rmSync(join(out, name), { recursive: true, force: true });
  }
  mkdirSync(out, { recursive: true });
}
