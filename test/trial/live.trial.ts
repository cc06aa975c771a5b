import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workplace } from '../e2e/hoptime.fixture';
import { mails } from '../e2e/live.fixture';
import { ServingProcess } from '../e2e/live-serve.fixture';
import { checksum } from '../support/killed';
import { randomNumbers } from '../support/line-files';
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
    expect(await serving.end('SIGTERM')).toBe(0);
    expect(checksum(place)).toBe(expected);
  } finally {
    await serving.end('SIGKILL');
    place.remove();
  }
});
