import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { checksum, killed } from '../support/killed';
import { Workplace, type Ingested } from './hoptime.fixture';

/** An ingest killed with SIGKILL at any moment and started again gives the journeys of an undisturbed one. Many more: `npm run trial`. */
const place = new Workplace();
const store = join(place.folder, 'store');
const ingest = ['ingest', 'fleet/hes', 'fleet/postfix', 'fleet/mail', '--timezone', 'UTC', '--json'];
afterAll(() => place.remove());

let undisturbed: string;
let durationMs: number;
let journeys: Ingested['journeys'];

beforeAll(() => {
  place.json(['simulate', '--out', 'fleet', '--messages', '150', '--days', '3', '--seed', '4', '--json']);
  const begun = performance.now();
  journeys = place.json<Ingested>(ingest).journeys;
  durationMs = performance.now() - begun;
  undisturbed = checksum(place);
});

// From when the store is being opened to when journeys are being built.
it.each([0.5, 0.9])('killed after %f of the time it takes', async (share) => {
  rmSync(store, { recursive: true, force: true });
  await killed(place, ingest, share * durationMs);
  expect(place.run(['report', '--json']).status).toBe(0);
  expect(place.json<Ingested>(ingest).journeys).toEqual(journeys);
  expect(checksum(place)).toBe(undisturbed);
});
