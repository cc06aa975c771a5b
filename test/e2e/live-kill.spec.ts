import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  expect(await serving.end('SIGTERM')).toBe(0);
  expect(checksum(place)).toBe(expected);
}, 120_000);
