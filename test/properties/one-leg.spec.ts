import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { Correlator } from '../../libs/ingest/correlator';
import { simulate } from '../../libs/simulate/simulate';
import { StatementRunner, type Statement, type Store } from '../../libs/store/store';
import { answerOf, type Answer } from '../support/answer';
import { withOwnStore } from '../support/own-store';

/**
 * Legs that nothing links to others become journeys by a statement of their own (correlate/journeys_of_one_leg.sql). The general way, legs →
 * paths → journeys, must say the same of them: here every queue id is sent that way, and the answers are held against each other.
 */
const root = mkdtempSync(join(tmpdir(), 'hoptime-one-leg-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const MARK = 'INSERT INTO hoptime_store.stage_linked_groups';
const ALL = `${MARK} SELECT DISTINCT group_hash FROM hoptime_store.trace_events`;
const textOf = (statement: Statement): string => (typeof statement === 'string' ? statement : statement.sql);

/** Correlates anew, on request with every queue id sent the general way; answers how many journeys the statement of one leg made. */
async function correlate(store: Store, everyGroupLinked: boolean): Promise<number> {
  let alone = 0;
  const { command } = StatementRunner.prototype;
  const spy = jest.spyOn(StatementRunner.prototype, 'command').mockImplementation(async function (
    this: StatementRunner,
    statement,
    parameters,
  ) {
    const isLinking = textOf(statement).includes(MARK);
    await command.call(this, isLinking && everyGroupLinked ? { sql: ALL } : statement, parameters);
    if (!textOf(statement).includes('→ journeys of one hop')) return;
    const [{ rows }] = await this.rows<{ rows: number }>({
      sql: 'SELECT toUInt32(count()) AS rows FROM hoptime_store.stage_journeys',
    });
    alone = rows;
  });
  try {
    await new Correlator(store).correlate();
  } finally {
    spy.mockRestore();
  }
  return alone;
}

async function bothWays(files: string[]): Promise<{ answers: [Answer, Answer]; alone: [number, number] }> {
  return withOwnStore(async ({ store, ingest }) => {
    await ingest.ingest(files, { timeZone: 'UTC' });
    const own = await correlate(store, false);
    const ownWay = await answerOf(store);
    const general = await correlate(store, true);
    return { answers: [ownWay, await answerOf(store)], alone: [own, general] };
  });
}

describe('a journey of one leg', () => {
  it.each<[string, () => Promise<string[]>]>([
    [
      'of one log',
      async () => {
        const out = join(root, 'fleet');
        await simulate({ out, messages: 400, seed: 17, days: 3 });
        return globSync('postfix/**', { cwd: out, absolute: true }).sort().slice(0, 1);
      },
    ],
    [
      'of the logs of all stories',
      () => Promise.resolve(globSync('*/inputs/*.log', { cwd: resolve(__dirname, '../scenarios'), absolute: true })),
    ],
  ])('%s: the same both ways', async (_what, filesOf) => {
    const { answers, alone } = await bothWays(await filesOf());
    expect(alone[0]).toBeGreaterThan(0);
    expect(alone[1]).toBe(0);
    expect(answers[1]).toEqual(answers[0]);
  });
});
