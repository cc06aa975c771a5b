import { mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { globSync } from 'tinyglobby';
import { simulate } from '../../libs/simulate/simulate';
import { answerOf, type Answer } from '../support/answer';
import { shuffled, tear, type Tearing } from '../support/line-files';
import { withOwnStore } from '../support/own-store';

/** Delay model §4: the answer is a function of the set of events; not of their order, of the files they came in, or of how often each came. */
const UTC = { timeZone: 'UTC' };
/** The seed of the fleet whose hosts run Postfix, Sendmail, Exim, Exchange and Microsoft 365. */
const MIXED = 12;
const root = mkdtempSync(join(tmpdir(), 'hoptime-order-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Fleet {
  readonly out: string;
  /** CEF, Postfix, Sendmail and Exim: a record is a line, so they may be torn */
  readonly logs: string[];
  /** exports and mails, which are read as they are */
  readonly wholes: string[];
  /** what the store answers after one undisturbed ingest */
  readonly answer: Answer;
}

const fleets = new Map<number, Fleet>();
const filesOf = (fleet: Fleet): string[] => [...fleet.logs, ...fleet.wholes];

async function fleetOf(seed: number): Promise<Fleet> {
  const known = fleets.get(seed);
  if (known) return known;
  const out = join(root, `fleet-${seed}`);
  await simulate({ out, messages: 50, seed, days: 2, fleet: seed === MIXED ? 'mixed' : 'postfix' });
  const files = globSync('{hes,postfix,sendmail,exim,exchange,microsoft-365,mail}/**', {
    cwd: out,
    absolute: true,
  }).sort();
  const answer = await withOwnStore(async ({ store, ingest }) => {
    await ingest.ingest(files, UTC);
    return answerOf(store);
  });
  const isLog = (path: string): boolean => /\.log$|\bmainlog/.test(path);
  const fleet = { out, logs: files.filter(isLog), wholes: files.filter((path) => !isLog(path)), answer };
  fleets.set(seed, fleet);
  return fleet;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const tearing: fc.Arbitrary<Tearing> = fc.record({
  shuffle: fc.option(fc.nat(), { nil: undefined }),
  cuts: fc.array(share, { maxLength: 2 }),
  overlap: fc.constantFrom(0, 0, 1, 7, 40),
  repeated: fc.option(fc.nat(9), { nil: undefined }),
});
const disorder = fc.record({
  fleet: fc.constantFrom(11, MIXED),
  tearings: fc.array(tearing, { minLength: 4, maxLength: 4 }),
  /** of exports and mails: index of one that comes twice */
  twice: fc.nat(),
  order: fc.nat(),
  calls: fc.integer({ min: 1, max: 2 }),
});

describe('whatever the order, the cuts and the repetitions', () => {
  it('gives the same journeys and hops, column by column', async () => {
    let run = 0;
    const property = fc.asyncProperty(disorder, async ({ fleet: seed, tearings, twice, order, calls }) => {
      const fleet = await fleetOf(seed);
      const folder = join(root, `run-${run++}`);
      const pieces = fleet.logs.flatMap((log, index) =>
        tear(log, tearings[index % tearings.length], join(folder, String(index))),
      );
      const paths = shuffled([...pieces, ...fleet.wholes], order);
      const answer = await withOwnStore(async ({ store, ingest }) => {
        const perCall = Math.ceil(paths.length / calls);
        for (let from = 0; from < paths.length; from += perCall)
          await ingest.ingest(paths.slice(from, from + perCall), UTC);
        await ingest.ingest([fleet.wholes[twice % fleet.wholes.length]], UTC);
        return answerOf(store);
      });
      expect(answer).toEqual(fleet.answer);
    });
    await fc.assert(property, { seed: 20_260_302, numRuns: 2, endOnFailure: true });
    for (const { answer } of fleets.values()) expect(answer.journeys.length).toBeGreaterThanOrEqual(50);
    expect(fleets.size).toBe(2);
  });
});

describe('what was undone', () => {
  it('leaves no trace: a file forgotten and read again, a wrong zone replaced', async () => {
    const fleet = await fleetOf(11);
    const withoutZone = fleet.logs.filter((path) => path.includes('/mbx'));
    const [first] = fleet.logs.filter((path) => path.includes('/mx1/'));
    expect(withoutZone.length).toBeGreaterThan(0);
    await withOwnStore(async ({ store, ingest }) => {
      await ingest.ingest(withoutZone, { timeZone: 'America/New_York' });
      await ingest.ingest(
        filesOf(fleet).filter((path) => !withoutZone.includes(path)),
        UTC,
      );
      expect(await answerOf(store)).not.toEqual(fleet.answer);
      await ingest.ingest(withoutZone, { ...UTC, replace: true });
      expect(await answerOf(store)).toEqual(fleet.answer);

      expect((await ingest.forget(first)).inputs).toHaveLength(1);
      expect(await answerOf(store)).not.toEqual(fleet.answer);
      await ingest.ingest([first], UTC);
      expect(await answerOf(store)).toEqual(fleet.answer);
    });
  });

  it('leaves what another file says too', async () => {
    const fleet = await fleetOf(12);
    const [log] = fleet.logs.filter((path) => path.includes('/mx2/'));
    const [copy] = tear(log, { shuffle: undefined, cuts: [], overlap: 0, repeated: undefined }, join(root, 'copy'));
    await withOwnStore(async ({ store, ingest }) => {
      await ingest.ingest([copy, ...filesOf(fleet)], UTC);
      await ingest.forget(log);
      expect(await answerOf(store)).toEqual(fleet.answer);
      unlinkSync(copy);
      await ingest.forget(copy);
      expect(await answerOf(store)).not.toEqual(fleet.answer);
    });
  });
});
