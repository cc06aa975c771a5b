import { setTimeout as sleep } from 'node:timers/promises';

/** On a machine that is busy with other tests, what takes a second may take many. */
const PATIENCE_MS = 90_000;
const ASK_AGAIN_MS = 25;

/**
 * Waits for a state, however long the way to it takes on a busy machine.
 * @param told what is said of the state that there is instead, when patience ends
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  { ms = PATIENCE_MS, told = (): unknown => '' }: { ms?: number; told?: () => unknown } = {},
): Promise<void> {
  for (const end = performance.now() + ms; !(await holds()); await sleep(ASK_AGAIN_MS))
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${holds.toString()}\n${String(told())}`);
}
