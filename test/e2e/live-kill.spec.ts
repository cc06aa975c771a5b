import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Live } from '../../libs/http/api-types';
import { checksum } from '../support/killed';
import { randomNumbers } from '../support/line-files';
import { sendSyslog, writeWhileKilled } from '../support/live-kills';
import { Workplace } from './hoptime.fixture';
import { mails } from './live.fixture';
import { ServingProcess } from './live-serve.fixture';

/** `serve` killed with SIGKILL while a log is written and rotated: the journeys are those of an ingest of the whole log. Many more: `npm run trial`. */
const LINES = mails(400);
const RECEIVED = mails(20, 1000, 'mx2.corp.example');
const place = new Workplace();
const serving = new ServingProcess(place);
afterAll(async () => {
  await serving.end('SIGKILL');
  place.remove();
});

it('gives the journeys of an undisturbed ingest', async () => {
  const whole = join(place.folder, 'whole.log');
  writeFileSync(whole, LINES.join('') + RECEIVED.join(''));
  place.json(['ingest', whole, '--json']);
  const expected = checksum(place);
  rmSync(join(place.folder, 'store'), { recursive: true });
  rmSync(whole);

  const deaths = await writeWhileKilled(serving, LINES, 4, randomNumbers(5));
  expect(deaths).toBeGreaterThanOrEqual(4);
  await sendSyslog(serving.syslogPort, RECEIVED);
  // What was taken is on disk: a kill right now loses nothing.
  await serving.end('SIGKILL');
  await serving.start();
  const totals = await serving.untilRecords(LINES.length + RECEIVED.length + 1);
  expect(totals).toMatchObject({ parsed: LINES.length + RECEIVED.length, skipped: 1, rejected: 0 });
  await tellsThatAllIsRead(totals.records);
  expect(await serving.end('SIGTERM')).toBe(0);
  expect(checksum(place)).toBe(expected);
}, 120_000);

/** The API and the metrics say what the books of the inputs say. */
async function tellsThatAllIsRead(records: number): Promise<void> {
  const live = (await (await fetch(`${serving.address}/api/v1/live`)).json()) as Live;
  expect(live).toMatchObject({ running: true, watch: [serving.logs], lag_bytes: 0, problem: null });
  expect(live.files.reduce((sum, file) => sum + file.records, 0)).toBe(records);
  expect(live.files.find(({ path }) => path === join(serving.logs, 'mail.log'))).toMatchObject({
    state: 'following',
    format: 'postfix',
    lag_bytes: 0,
    rejected: 0,
    problem: null,
  });
  expect(live.syslog.map(({ name }) => name)).toEqual([
    `syslog:udp:${serving.syslogPort}`,
    `syslog:tcp:${serving.syslogPort}`,
  ]);
  const metrics = await (await fetch(`${serving.address}/metrics`)).text();
  expect(metrics).toContain('\nhoptime_live_lag_bytes 0\n');
  expect(metrics).toContain(`\nhoptime_live_files ${live.files.length}\n`);
  expect(metrics).toContain('\nhoptime_live_waits 0\n');
}
