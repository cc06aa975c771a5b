import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SimulationSummary } from '../../libs/simulate/simulation-summary';
import { CLI, Workplace, type Ingested } from '../e2e/hoptime.fixture';
import { compareWithTruth } from '../support/truth';

/** 200,000 messages: every journey as it is true, in at most 1 GiB. */
const MESSAGES = Number(process.env.TRIAL_MESSAGES ?? 200_000);
const GIB = 2 ** 30;
const place = new Workplace();
afterAll(() => place.remove());

interface Measured {
  seconds: number;
  peakBytes: number;
}

/** Runs the built program with its output in a file, and says what it took. */
function measured(args: string[], output: string): Measured {
  const peak = join(place.folder, 'peak');
  const out = openSync(output, 'w');
  const begun = performance.now();
  const hook = pathToFileURL(resolve(__dirname, '../support/peak-memory.mjs')).href;
  const run = spawnSync(process.execPath, ['--import', hook, CLI, ...args], {
    cwd: place.folder,
    env: place.env({ PEAK_MEMORY_FILE: peak }),
    stdio: ['ignore', out, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(out);
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
  return { seconds: (performance.now() - begun) / 1000, peakBytes: Number(readFileSync(peak, 'utf8')) };
}

it(`${MESSAGES} messages are answered as they are true`, async () => {
  const file = (name: string): string => join(place.folder, name);
  const simulated = measured(
    [
      'simulate',
      '--out',
      'fleet',
      '--messages',
      String(MESSAGES),
      '--days',
      '21',
      '--seed',
      '9',
      '--fleet',
      'postfix',
      '--json',
    ],
    file('summary.json'),
  );
  const summary = JSON.parse(readFileSync(file('summary.json'), 'utf8')) as SimulationSummary;
  const steps: [string, Measured][] = [['simulate', simulated]];
  for (const { paths, timeZone } of summary.ingest) {
    const call = ['ingest', ...paths.map((path) => join('fleet', path)), '--timezone', timeZone, '--json'];
    steps.push(['ingest', measured(call, file('ingest.json'))]);
  }
  const { totals } = JSON.parse(readFileSync(file('ingest.json'), 'utf8')) as Ingested;
  steps.push(['journeys --all', measured(['journeys', '--all', '--format', 'ndjson'], file('answer.ndjson'))]);
  steps.push(['report', measured(['report', '--json'], file('report.json'))]);
  for (const [name, { seconds, peakBytes }] of steps)
    process.stdout.write(`${name}: ${seconds.toFixed(1)} s, peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB\n`);
  process.stdout.write(`${totals.records} records, ${totals.events} events\n`);

  const { equal, differences } = await compareWithTruth(file('fleet/truth.ndjson'), file('answer.ndjson'));
  process.stdout.write(
    `${equal} journeys equal, ${differences.length} differences\n${differences.slice(0, 20).join('\n')}\n`,
  );
  expect(differences.length).toBe(0);
  expect(equal).toBe(summary.totals.journeys);
  for (const [name, { peakBytes }] of steps) expect({ name, over: peakBytes > GIB }).toEqual({ name, over: false });
});
