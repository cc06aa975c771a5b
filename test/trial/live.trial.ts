import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Live } from '../../libs/http/api-types';
import { Workplace } from '../e2e/hoptime.fixture';
import { mails } from '../e2e/live.fixture';
import { ServingProcess } from '../e2e/live-serve.fixture';
import { checksum } from '../support/killed';
import { randomNumbers } from '../support/line-files';
import { until } from '../support/until';
import { sendSyslog, writeWhileKilled } from '../support/live-kills';

/** Ten logs written and rotated while `serve` is killed some eighty times: journeys, and books, as if nobody had killed. */
const SEED = Number(process.env.TRIAL_SEED ?? 1);
const ROUNDS = Number(process.env.TRIAL_ROUNDS ?? 10);
const random = randomNumbers(SEED);
const LINES = mails(2000);
const RECEIVED = mails(50, 5000, 'mx2.corp.example');

it.each(Array.from({ length: ROUNDS }, (_, round) => round))(`seed ${SEED}, round %d`, async () => {
  const place = new Workplace();
  const serving = new ServingProcess(place);
  try {
    const whole = join(place.folder, 'whole.log');
    writeFileSync(whole, LINES.join('') + RECEIVED.join(''));
    place.json(['ingest', whole, '--json']);
    const expected = checksum(place);
    rmSync(join(place.folder, 'store'), { recursive: true });
    rmSync(whole);

    expect(await writeWhileKilled(serving, LINES, 6, random)).toBeGreaterThanOrEqual(6);
    await sendSyslog(serving.syslogPort, RECEIVED);
    await serving.end('SIGKILL');
    await serving.start();
    const totals = await serving.untilRecords(LINES.length + RECEIVED.length + 1);
    expect(totals).toMatchObject({ parsed: LINES.length + RECEIVED.length, skipped: 1, rejected: 0 });
    await tellsThatAllIsRead(serving, totals.records);
    expect(await serving.end('SIGTERM')).toBe(0);
    expect(checksum(place)).toBe(expected);
  } finally {
    await serving.end('SIGKILL');
    place.remove();
  }
});

/** The API and the metrics say what the books of the inputs say. */
async function tellsThatAllIsRead(serving: ServingProcess, records: number): Promise<void> {
  const told = async (): Promise<Live> => (await (await fetch(`${serving.address}/api/v1/live`)).json()) as Live;
  // what was in the store before the last start is in its books at once, before the files have been looked at again
  await until(async () => (await told()).lag_bytes === 0);
  const live = await told();
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
