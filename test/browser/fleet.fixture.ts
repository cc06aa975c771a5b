import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workplace } from '../e2e/hoptime.fixture';
import { oneAtATime } from '../support/one-at-a-time';
import { sharedFolder } from '../support/shared-folder';

/** The CSV export whose zone is not told, so that there is something that was not understood. */
export const REJECTED_FILE = 'mail-tracking-2026-03-12.csv';

/**
 * A small made-up fleet (three weeks from Monday 2 March 2026) in a store of its own, read by the command line: once for all tests of a run, each of
 * which gets the store as it is then.
 */
export function fleetWorkplace(): Workplace {
  const shared = join(sharedFolder(), 'browser-fleet');
  oneAtATime('browser-fleet', () => {
    const whole = join(shared, 'whole');
    if (existsSync(whole)) return;
    mkdirSync(shared, { recursive: true });
    fill(new Workplace(shared));
    writeFileSync(whole, '');
  });
  const place = new Workplace();
  cpSync(join(shared, 'store'), join(place.folder, 'store'), { recursive: true, verbatimSymlinks: true });
  symlinkSync(join(shared, 'fleet'), join(place.folder, 'fleet'));
  return place;
}

function fill(place: Workplace): void {
  const size = ['--messages', '700', '--seed', '20260302', '--days', '21'];
  told(place, ['simulate', '--out', 'fleet', ...size, '--fleet', 'postfix']);
  const hes = readdirSync(join(place.folder, 'fleet', 'hes')).map((name) => join('fleet', 'hes', name));
  const understood = hes.filter((path) => !path.endsWith(REJECTED_FILE));
  told(place, ['ingest', '--timezone', 'UTC', ...understood, 'fleet/postfix', 'fleet/mail']);
  // exit code 3: done, but records were rejected
  told(place, ['ingest', join('fleet', 'hes', REJECTED_FILE)], 3);
}

function told(place: Workplace, args: string[], status = 0): void {
  const run = place.quick(args);
  if (run.status !== status) throw new Error(`hoptime ${args[0]} ended with ${run.status}: ${run.stderr}${run.stdout}`);
}
