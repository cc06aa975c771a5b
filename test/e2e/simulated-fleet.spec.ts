import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulationSummary } from '../../libs/simulate/simulation-summary';
import { compareWithTruth } from '../support/truth';
import { Workplace, type Ingested } from './hoptime.fixture';

/** Made-up fleets, all forms of HES export, logs of all products and mails: every journey as the simulation knows it, field by field. */
const place = new Workplace();
afterAll(() => place.remove());

it.each([
  ['postfix', 400, 8, 21],
  ['postfix', 400, 77, 21],
  ['mixed', 1500, 77, 21],
  ['mixed', 500, 4242, 2],
] as const)(
  'a %s fleet of %i messages with the seed %i, %i days long, is answered as it is true',
  async (kind, messages, seed, days) => {
    const fleet = join(place.folder, `fleet-${kind}-${seed}`);
    const store = ['--store-url', `chdb:${join(place.folder, `store-${kind}-${seed}`)}`];
    const size = ['--messages', String(messages), '--days', String(days), '--seed', String(seed), '--fleet', kind];
    const summary = place.json<SimulationSummary>(['simulate', '--out', fleet, ...size, '--json']);
    const totals: Ingested['totals'] = {};
    for (const { paths, timeZone, mta } of summary.ingest) {
      const options = ['--timezone', timeZone, ...(mta ? ['--mta', mta] : []), '--json', ...store];
      const call = ['ingest', ...paths.map((path) => join(fleet, path)), ...options];
      for (const [name, count] of Object.entries(place.json<Ingested>(call).totals))
        totals[name] = (totals[name] ?? 0) + count;
    }
    expect(totals.records).toBe(summary.files.reduce((sum, file) => sum + file.records, 0));
    expect(totals.records).toBe(totals.parsed + totals.skipped);

    const answer = join(place.folder, 'answer.ndjson');
    const journeys = place.quick(['journeys', '--all', '--format', 'ndjson', ...store]);
    writeFileSync(answer, journeys.stdout);
    const { equal, differences } = await compareWithTruth(join(fleet, 'truth.ndjson'), answer);
    expect(differences).toEqual([]);
    expect(equal).toBe(summary.totals.journeys);
  },
);
