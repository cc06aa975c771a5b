import { appendFileSync, writeFileSync } from 'node:fs';
import { LIVE_TIMING } from '../../libs/live/live-options';
import { LivePlace, mails, plainAnswer } from './live.fixture';

/** A hundred lines a second, with the times of production: mail is in the journeys within five seconds. */
const MAILS = 100;
const SECONDS = 5;
const PER_STEP = 2;

const place = new LivePlace();
afterAll(async () => {
  await place.stop();
  await place.remove();
});

it('shows new mail within 5 s', async () => {
  const lines = mails(MAILS + PER_STEP);
  const whole = await plainAnswer([lines.join('')]);
  const log = place.path('mail.log');
  writeFileSync(log, lines.slice(0, 5 * PER_STEP).join(''));
  await place.start({ timing: LIVE_TIMING });
  await place.untilRecords(5 * PER_STEP);

  const written: number[] = [];
  const delays: number[] = [];
  const look = async (): Promise<void> => {
    const { journeys } = await place.answer();
    while (delays.length < journeys.length - PER_STEP) delays.push(Date.now() - written[delays.length]);
  };
  for (let mail = 0; mail < MAILS; mail += PER_STEP) {
    const from = 5 * (PER_STEP + mail);
    appendFileSync(log, lines.slice(from, from + 5 * PER_STEP).join(''));
    written.push(...Array<number>(PER_STEP).fill(Date.now()));
    await new Promise((resolve) => setTimeout(resolve, (SECONDS * 1000 * PER_STEP) / MAILS));
    if (mail % 20 === 0) await look();
  }
  while (delays.length < MAILS) {
    if (Date.now() - written[MAILS - 1] > 15_000) throw new Error(`only ${delays.length} of ${MAILS} mails are there`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await look();
  }
  const sorted = [...delays].sort((a, b) => a - b);
  expect(sorted[MAILS / 2]).toBeLessThan(5000);
  // One stall of a busy machine is forgiven, a second one is not.
  expect(sorted[Math.floor(MAILS * 0.9)]).toBeLessThan(8000);
  expect(await place.answer()).toEqual(whole);
  expect(place.live.status().correlations.count).toBeLessThanOrEqual(2 * SECONDS + 5);
});
