import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Correlator } from '../../libs/ingest/correlator';
import { simulate } from '../../libs/simulate/simulate';
import { answerOf } from '../support/answer';
import { portionsOf } from '../support/fleet-portions';
import { withOwnStore } from '../support/own-store';

/** A correlation of the messages that new events touch gives the same journeys as one of everything (storage.md A4), after each portion of input. */
jest.setTimeout(240_000);
const root = mkdtempSync(join(tmpdir(), 'hoptime-touched-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const PORTIONS = 6;

it('after each portion of a fleet, by itself and all anew: the same', async () => {
  const fleet = join(root, 'fleet');
  await simulate({ out: fleet, messages: 250, seed: 23, days: 3 });
  const everything = jest.spyOn(Correlator.prototype, 'correlate');
  await withOwnStore(async ({ store, ingest }) => {
    const ways: string[] = [];
    for (const portion of portionsOf(fleet, root, PORTIONS)) {
      everything.mockClear();
      await ingest.ingest(portion, { timeZone: 'UTC' });
      ways.push(everything.mock.calls.length ? 'everything' : 'touched');
      const found = await answerOf(store);
      // as the first correlation of a store: from nothing
      await new Correlator(store).correlate();
      expect(found).toEqual(await answerOf(store));
    }
    // the first finds a new store, and later ones only MTAs that are known
    expect(ways).toEqual(['everything', 'touched', 'touched', 'touched', 'touched', 'touched']);
  });
  everything.mockRestore();
});
