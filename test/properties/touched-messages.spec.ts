import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { Correlator } from '../../libs/ingest/correlator';
import { simulate } from '../../libs/simulate/simulate';
import { answerOf } from '../support/answer';
import { withOwnStore } from '../support/own-store';

/** A correlation of the messages that new events touch gives the same journeys as one of everything (storage.md A4), after each portion of input. */
jest.setTimeout(240_000);
const root = mkdtempSync(join(tmpdir(), 'hoptime-touched-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const PORTIONS = 6;

/** The files of a fleet in portions: logs by lines in the order of time, exports dealt out, mails first, since each may name an MTA that is new. */
function portionsOf(fleet: string): string[][] {
  const portions: string[][] = Array.from({ length: PORTIONS }, () => []);
  globSync('{hes,postfix,mail}/**', { cwd: fleet, absolute: true })
    .sort()
    .forEach((path, i) => {
      const lines = path.endsWith('.log') ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
      for (let n = 0; n < PORTIONS; n++) {
        const folder = join(root, `portion-${n}`);
        mkdirSync(folder, { recursive: true });
        const target = join(folder, `${i}-${basename(path)}`);
        if (lines.length) {
          const part = lines.slice(
            Math.floor((lines.length * n) / PORTIONS),
            Math.floor((lines.length * (n + 1)) / PORTIONS),
          );
          if (part.length) writeFileSync(target, `${part.join('\n')}\n`);
          else continue;
        } else if (path.endsWith('.json') ? i % PORTIONS === n : n === 0) copyFileSync(path, target);
        else continue;
        portions[n].push(target);
      }
    });
  return portions;
}

it('after each portion of a fleet, by itself and all anew: the same', async () => {
  const fleet = join(root, 'fleet');
  await simulate({ out: fleet, messages: 250, seed: 23, days: 3 });
  const everything = jest.spyOn(Correlator.prototype, 'correlate');
  await withOwnStore(async ({ store, ingest }) => {
    const ways: string[] = [];
    for (const portion of portionsOf(fleet)) {
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
