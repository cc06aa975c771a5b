import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Workplace } from '../e2e/hoptime.fixture';

/** The CSV export whose zone is not told, so that there is something that was not understood. */
export const REJECTED_FILE = 'mail-tracking-2026-03-12.csv';

/** A small made-up fleet (three weeks from Monday 2 March 2026) in a store of its own, read by the command line. */
export function fleetWorkplace(messages = 700): Workplace {
  const place = new Workplace();
  const fleet = join(place.folder, 'fleet');
  told(place, [
    'simulate',
    '--out',
    fleet,
    '--messages',
    String(messages),
    '--seed',
    '20260302',
    '--days',
    '21',
    '--fleet',
    'postfix',
  ]);
  const hes = readdirSync(join(fleet, 'hes')).map((name) => join('fleet', 'hes', name));
  const understood = hes.filter((path) => !path.endsWith(REJECTED_FILE));
  told(place, ['ingest', '--timezone', 'UTC', ...understood, 'fleet/postfix', 'fleet/mail']);
  // exit code 3: done, but records were rejected
  told(place, ['ingest', join('fleet', 'hes', REJECTED_FILE)], 3);
  return place;
}

function told(place: Workplace, args: string[], status = 0): void {
  const run = place.quick(args);
  if (run.status !== status) throw new Error(`hoptime ${args[0]} ended with ${run.status}: ${run.stderr}${run.stdout}`);
}
