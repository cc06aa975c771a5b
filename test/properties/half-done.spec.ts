import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { IngestService } from '../../libs/ingest/ingest.service';
import { simulate } from '../../libs/simulate/simulate';
import { InputRepository } from '../../libs/store/input.repository';
import { answerOf, type Answer } from '../support/answer';
import { withOwnStore } from '../support/own-store';

/**
 * What a SIGKILL leaves at the worst moments: the store as it is between two statements. (Kills of the real process: test/trial/kill.trial.ts,
 * which cannot choose the moment.)
 */
const UTC = { timeZone: 'UTC' };
const root = mkdtempSync(join(tmpdir(), 'hoptime-half-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let files: string[];
let mbx2: string;
let whole: Answer;
let without: Answer;

beforeAll(async () => {
  await simulate({ out: root, messages: 40, seed: 21, days: 1 });
  files = globSync('{hes,postfix}/**', { cwd: root, absolute: true }).sort();
  [mbx2] = files.filter((path) => path.includes('/mbx2/'));
  await withOwnStore(async ({ store, ingest }) => {
    await ingest.ingest(files, UTC);
    whole = await answerOf(store);
    await ingest.forget(mbx2);
    without = await answerOf(store);
  });
  expect(without).not.toEqual(whole);
});

/** A `forget` that dies after it has said so and before it has done so. */
async function dieForgetting(inputs: InputRepository): Promise<void> {
  const [row] = await inputs.find(mbx2);
  await inputs.save({ ...row, state: 'forgotten', correlated: false });
}

describe('a store that was left while forgetting', () => {
  it('has forgotten when the next question is asked', async () => {
    await withOwnStore(async ({ store, ingest }) => {
      await ingest.ingest(files, UTC);
      await dieForgetting(new InputRepository(store));
      await new IngestService(store).catchUp();
      expect(await answerOf(store)).toEqual(without);
    });
  });

  it('has forgotten when another file is ingested', async () => {
    await withOwnStore(async ({ store, ingest }) => {
      await ingest.ingest(files, UTC);
      await dieForgetting(new InputRepository(store));
      await ingest.ingest([files[0]], UTC);
      expect(await answerOf(store)).toEqual(without);
    });
  });

  it('finishes when it is told to forget again', async () => {
    await withOwnStore(async ({ store, ingest }) => {
      await ingest.ingest(files, UTC);
      await dieForgetting(new InputRepository(store));
      expect((await ingest.forget(mbx2)).inputs).toHaveLength(1);
      expect(await answerOf(store)).toEqual(without);
    });
  });

  it.each([{ replace: true }, {}])('keeps nothing of a wrong zone when the file is read anew (%j)', async (options) => {
    await withOwnStore(async ({ store, ingest }) => {
      await ingest.ingest([mbx2], { timeZone: 'Asia/Tokyo' });
      await ingest.ingest(
        files.filter((path) => path !== mbx2),
        UTC,
      );
      await dieForgetting(new InputRepository(store));
      await ingest.ingest([mbx2], { ...UTC, ...options });
      expect(await answerOf(store)).toEqual(whole);
    });
  });
});
