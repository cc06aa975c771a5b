import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Bus } from '../../libs/bus/bus';
import { collectFile } from '../../libs/ingest/collector';
import { Correlator } from '../../libs/ingest/correlator';
import type { IngestOptions } from '../../libs/ingest/ingest-report';
import { WRITER_GROUP } from '../../libs/ingest/store-writer';
import { findInputs } from '../../libs/sources/readers/find-inputs';
import { isInputProblem } from '../../libs/sources/readers/input-file';
import type { Store } from '../../libs/store/store';
import { answerOf, type Answer } from '../support/answer';
import { withOwnStore } from '../support/own-store';

const STORIES = resolve(__dirname, '../scenarios');

interface Given {
  readonly path: string;
  readonly options: IngestOptions;
}

/** The inputs of all stories, with what their command lines say of how to read them. */
function storyInputs(): Given[] {
  return readdirSync(STORIES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const folder = join(STORIES, name);
      const { ingest } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
        ingest?: { args?: string[] };
      };
      const args = ingest?.args ?? [];
      const after = (flag: string): string | undefined =>
        args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;
      const year = after('--year');
      const options = {
        timeZone: after('--timezone'),
        format: after('--format'),
        mta: after('--mta'),
        year: year === undefined ? undefined : Number(year),
      };
      return { path: join(folder, 'inputs'), options };
    });
}

/** All that a store answers when all stories, and what else is named, came over this bus. */
export interface Told extends Answer {
  readonly inputs: string[];
  readonly rejected: string[];
}

export function toldThrough(busOf: (store: Store) => Promise<Bus>, more: readonly Given[]): Promise<Told> {
  return withOwnStore(async ({ store }) => {
    const bus = await busOf(store);
    for (const { path, options } of [...storyInputs(), ...more]) {
      for await (const file of findInputs([path])) {
        if (isInputProblem(file)) throw new Error(`${file.path}: ${file.reason}`);
        await collectFile(bus, file, options, []);
      }
    }
    for (const topic of ['trace-events', 'rejected-records'] as const)
      while ((await bus.lag(topic, WRITER_GROUP)) !== 0) await new Promise((resolve) => setTimeout(resolve, 100));
    await bus.close();
    await new Correlator(store).correlate();
    const rows = async (sql: string): Promise<string[]> =>
      (await store.rows<{ row: string }>({ sql: `SELECT toString(tuple(${sql} ORDER BY row` })).map(({ row }) => row);
    return {
      ...(await answerOf(store)),
      inputs: await rows(
        'path, format, options, state, records, parsed, skipped, rejected, events, problem)) AS row FROM hoptime_store.inputs FINAL',
      ),
      rejected: await rows('input_id, line, source, reason, text)) AS row FROM hoptime_store.rejected_records FINAL'),
    };
  });
}
