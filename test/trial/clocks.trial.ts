import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClockService } from '../../libs/delay/clocks/clock.service';
import { JourneyService } from '../../libs/delay/journey.service';
import { simulate } from '../../libs/simulate/simulate';
import { atShare, beyondBounds, errorsOf, type ClockErrors } from '../support/clock-truth';
import { withOwnStore } from '../support/own-store';

/** Larger fleets whose clocks are wrong in many ways: offsets of 0.5 to 600 s, drifts up to 500 ppm (1.8 s an hour), jumps ahead and back. */
jest.setTimeout(1_800_000);
const MESSAGES = Number(process.env.TRIAL_MESSAGES ?? 30_000);
const START = Date.UTC(2026, 2, 2);
const HOUR = 3_600_000;
const at = (hours: number): number => START + hours * HOUR;

const FLEETS: Readonly<Record<string, ClockErrors>> = {
  'all right': {},
  'half a second': {
    mx1: { offsetMs: 500 },
    mx2: { offsetMs: -500 },
    mbx1: { offsetMs: 500 },
    mbx2: { offsetMs: -500 },
  },
  'ten minutes': {
    mx1: { offsetMs: -600_000 },
    mx2: { offsetMs: 600_000 },
    mbx1: { offsetMs: 600_000 },
    mbx2: { offsetMs: -600_000 },
  },
  drifts: {
    mx1: { offsetMs: 0, driftPpm: 500 },
    mx2: { offsetMs: 1000, driftPpm: -100 },
    mbx1: { offsetMs: -30_000, driftPpm: -500 },
    mbx2: { offsetMs: 0, driftPpm: 15 },
  },
  'one jump': { mbx2: { offsetMs: -4200, steps: [{ atMs: at(30.4), byMs: 60_000 }] } },
  jumps: {
    mx1: { offsetMs: -5000, steps: [{ atMs: at(20.3), byMs: 5000 }] },
    mx2: {
      offsetMs: 0,
      steps: [
        { atMs: at(33.7), byMs: 120_000 },
        { atMs: at(50.1), byMs: -120_000 },
      ],
    },
    mbx1: { offsetMs: 0, steps: [{ atMs: at(41.5), byMs: -600_000 }] },
    mbx2: { offsetMs: 2000, driftPpm: 50, steps: [{ atMs: at(60.9), byMs: 3000 }] },
  },
  'minutes apart, and jumps': {
    mx1: {
      offsetMs: -90_000,
      driftPpm: 20,
      steps: [
        { atMs: at(17.98), byMs: -45_000 },
        { atMs: at(40.2), byMs: 400_000 },
      ],
    },
    mx2: { offsetMs: 300_000, steps: [{ atMs: at(27.05), byMs: -300_000 }] },
    mbx1: { offsetMs: 600_000, driftPpm: -300, steps: [{ atMs: at(55.4), byMs: -200_000 }] },
    mbx2: {
      offsetMs: -4200,
      steps: [
        { atMs: at(30.4), byMs: 60_000 },
        { atMs: at(61.5), byMs: -600_000 },
      ],
    },
  },
};

/** Few transfers an hour make the moment of a jump known only to half an hour. */
const SERIES = [
  ...Object.entries(FLEETS).map(([name, errors]): [string, number, ClockErrors] => [name, MESSAGES, errors]),
  ...['jumps', 'minutes apart, and jumps'].map((name): [string, number, ClockErrors] => [
    name,
    MESSAGES / 10,
    FLEETS[name],
  ]),
];

it.each(SERIES)('clocks: %s, %i messages', async (name, messages, clockErrors) => {
  const folder = mkdtempSync(join(tmpdir(), 'hoptime-clocks-trial-'));
  try {
    await simulate({ out: folder, messages, seed: name.length, days: 3, clockErrors });
    await withOwnStore(async ({ store, ingest }) => {
      await ingest.ingest(
        ['hes', 'postfix', 'mail'].map((each) => join(folder, each)),
        { timeZone: 'UTC' },
      );
      const clocks = new ClockService(store);
      const begun = performance.now();
      const { pairs } = await clocks.clocks({});
      const seconds = (performance.now() - begun) / 1000;
      const { pairHours, beyond } = beyondBounds(pairs, clockErrors, START);
      const judged: [string, boolean, boolean][] = [];
      const lines = [
        `${pairHours} pair-hours with 30 transfers, ${beyond.length} beyond their bounds; offsets in ${seconds.toFixed(1)} s`,
      ];
      for (const clock of ['raw', 'corrected'] as const) {
        const rows = await clocks.storeFor(clock, {});
        const journeys = new JourneyService(rows).journeys({
          filter: {},
          sort: 'time',
          limit: Infinity,
          withHops: false,
        });
        for (const [figure, errors] of Object.entries(await errorsOf(join(folder, 'truth.ndjson'), journeys))) {
          const [p50, p99] = [atShare(errors, 0.5), atShare(errors, 0.99)];
          lines.push(
            `${clock} ${figure}: n = ${errors.length}, off by ${p50} ms (median), ${p99} ms (99 %), ${errors[errors.length - 1]} ms (most)`,
          );
          if (clock === 'corrected') judged.push([figure, p50 <= 1000, p99 <= 3000]);
        }
      }
      lines.push(...pairs.flatMap(({ changes }) => changes.map(({ sentence }) => sentence)));
      process.stdout.write(`\n${name}\n${lines.join('\n')}\n${beyond.slice(0, 5).join('\n')}\n`);
      expect(beyond.length).toBeLessThanOrEqual(pairHours / 100);
      expect(judged.filter(([, median, most]) => !median || !most)).toEqual([]);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
