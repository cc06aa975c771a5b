import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulationSummary } from '../../libs/simulate/simulation-summary';
import { compareWithTruth } from '../support/truth';
import { Workplace, type Ingested } from './hoptime.fixture';

/** Three weeks of a made-up fleet, all forms of HES export, logs and mails: every journey as the simulation knows it, field by field. */
const place = new Workplace();
afterAll(() => place.remove());

it.each([8, 77])(
  'a fleet of 400 messages with the seed %i is answered as it is true',
  async (seed) => {
    const fleet = join(place.folder, `fleet-${seed}`);
    const store = ['--store-url', `chdb:${join(place.folder, `store-${seed}`)}`];
    const words = ['simulate', '--out', fleet, '--messages', '400', '--days', '21', '--seed', String(seed), '--json'];
    const summary = place.json<SimulationSummary>(words);
    let totals: Ingested['totals'] = {};
    for (const { paths, timeZone } of summary.ingest) {
      const call = ['ingest', ...paths.map((path) => join(fleet, path)), '--timezone', timeZone, '--json', ...store];
      totals = place.json<Ingested>(call).totals;
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
  120_000,
);
