import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Workplace } from '../e2e/hoptime.fixture';
import { checksum, killed } from '../support/killed';
import { randomNumbers } from '../support/line-files';

/** Twenty-eight kills with SIGKILL at random moments of reading, correlating, forgetting and replacing; the answer is as if nobody had killed. */
const SEED = Number(process.env.TRIAL_SEED ?? 1);
const random = randomNumbers(SEED);
const place = new Workplace();
const store = join(place.folder, 'store');
const saved = join(place.folder, 'saved');
afterAll(() => place.remove());

const all = ['ingest', 'fleet/hes', 'fleet/postfix', 'fleet/mail', '--timezone', 'UTC'];
const forget = ['forget', 'fleet/postfix/mx1/mail-2026-03-02.log'];
const wrongZone = ['ingest', 'fleet/postfix/mbx1', '--timezone', 'Asia/Kolkata', '--replace'];
const rightZone = ['ingest', 'fleet/postfix/mbx1', '--timezone', 'UTC', '--replace'];

let whole: string;
let without: string;
let wrong: string;
const duration = new Map<string[], number>();

/** Runs a command to its end and remembers how long it takes. */
function finish(args: string[]): void {
  const begun = performance.now();
  const { status, stderr } = place.run(args);
  expect({ args, status, stderr }).toMatchObject({ status: 0 });
  duration.set(args, performance.now() - begun);
}

function save(name: string): void {
  cpSync(store, join(saved, name), { recursive: true });
}

function restore(name: string): void {
  rmSync(store, { recursive: true, force: true });
  cpSync(join(saved, name), store, { recursive: true });
}

const die = (args: string[]): Promise<boolean> => killed(place, args, (0.05 + random()) * (duration.get(args) ?? 0));

beforeAll(() => {
  place.json([
    'simulate',
    '--out',
    'fleet',
    '--messages',
    '4000',
    '--days',
    '7',
    '--seed',
    '4',
    '--fleet',
    'postfix',
    '--json',
  ]);
  finish(all);
  whole = checksum(place);
  save('whole');
  finish(forget);
  without = checksum(place);
  restore('whole');
  finish(wrongZone);
  wrong = checksum(place);
  save('wrong');
  finish(rightZone);
  expect(checksum(place)).toBe(whole);
  expect(new Set([whole, without, wrong]).size).toBe(3);
});

describe(`seed ${SEED}`, () => {
  it('ingest, killed once to three times', async () => {
    let deaths = 0;
    for (let round = 0; round < 6; round++) {
      rmSync(store, { recursive: true, force: true });
      for (let left = 1 + (round % 3); left > 0; left--) if (await die(all)) deaths++;
      finish(all);
      expect(checksum(place)).toBe(whole);
    }
    expect(deaths).toBeGreaterThan(6);
  });

  it('forget, killed: done or not, never half; then finished, or the file read again', async () => {
    for (let round = 0; round < 8; round++) {
      restore('whole');
      await die(forget);
      expect([whole, without]).toContain(checksum(place));
      if (round % 2 === 0) {
        if (place.run(forget).status !== 0) expect(checksum(place)).toBe(without);
        expect(checksum(place)).toBe(without);
      }
      finish(all);
      expect(checksum(place)).toBe(whole);
    }
  });

  it('ingest --replace, killed, then run again', async () => {
    for (let round = 0; round < 8; round++) {
      restore('wrong');
      await die(rightZone);
      finish(rightZone);
      expect(checksum(place)).toBe(whole);
    }
  });
});
