import { appendFileSync, writeFileSync } from 'node:fs';
import { restfulMs } from '../../libs/ingest/backlog-wait';
import { LIVE_TIMING } from '../../libs/live/live-options';
import { LivePlace, mails, plainAnswer } from './live.fixture';

/**
 * A hundred lines a second, with the times of production: mail is in the journeys within five seconds, where a correlation takes up to one. Where it
 * takes longer, so it may: until the next one begins (restfulMs), while that one runs, and for a look of each at files and journeys.
 */
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
  let correlatingMs = 0;
  const look = async (): Promise<void> => {
    const { journeys } = await place.answer();
    correlatingMs = Math.max(correlatingMs, place.live.status().correlations.lastMs ?? 0);
    while (delays.length < journeys.length - PER_STEP) delays.push(Date.now() - written[delays.length]);
  };
  for (let mail = 0; mail < MAILS; mail += PER_STEP) {
    const from = 5 * (PER_STEP + mail);
    appendFileSync(log, lines.slice(from, from + 5 * PER_STEP).join(''));
    written.push(...Array<number>(PER_STEP).fill(Date.now()));
    await new Promise((resolve) => setTimeout(resolve, (SECONDS * 1000 * PER_STEP) / MAILS));
    correlatingMs = Math.max(correlatingMs, place.live.status().correlations.lastMs ?? 0);
    if (mail % 20 === 0) await look();
  }
  while (delays.length < MAILS) {
    if (Date.now() - written[MAILS - 1] > 90_000) throw new Error(`only ${delays.length} of ${MAILS} mails are there`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await look();
  }
  const sorted = [...delays].sort((a, b) => a - b);
  const visibleMs = Math.max(5000, restfulMs(correlatingMs) + correlatingMs + 2 * LIVE_TIMING.pollMs);
  expect(sorted[MAILS / 2]).toBeLessThan(visibleMs);
  // One stall of a busy machine is forgiven, a second one is not.
  expect(sorted[Math.floor(MAILS * 0.9)]).toBeLessThan(visibleMs + 3000);
  expect(await place.answer()).toEqual(whole);
  expect(place.live.status().correlations.count).toBeLessThanOrEqual(2 * SECONDS + 5);
});
