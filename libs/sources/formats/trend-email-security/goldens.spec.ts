import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EventCollector } from '../../../trace/event-draft';
import type { TraceEvent } from '../../../trace/trace-event';
import { recordsOf } from '../../readers/read-records';
import type { CommonOptions, Framing, Outcome } from '../../source';
import { trendEmailSecurity } from '.';

/** What a fixture's `.expected.json` says: written by hand from the fixture, not from the parser's answer. */
interface Golden {
  readonly framing: Framing;
  readonly options: Partial<CommonOptions>;
  /** what the survey decides */
  readonly survey: object;
  readonly records: readonly { readonly outcome: Outcome; readonly events: readonly TraceEvent[] }[];
}

const FOLDER = join(__dirname, 'fixtures');
const SUFFIX = '.expected.json';
const files = readdirSync(FOLDER);
const fixtures = files.filter((name) => !name.endsWith(SUFFIX));

describe('fixtures', () => {
  it('each have a golden file', () => {
    expect(files.filter((name) => name.endsWith(SUFFIX)).sort()).toEqual(fixtures.map((name) => name + SUFFIX).sort());
    expect(fixtures.length).toBeGreaterThan(0);
  });

  it.each(fixtures)('%s', async (name) => {
    const golden = JSON.parse(readFileSync(join(FOLDER, name + SUFFIX), 'utf8')) as Golden;
    const path = join(FOLDER, name);
    const file = { path, display: name, sizeBytes: statSync(path).size, modifiedAt: 0 };
    const options: CommonOptions = { fileTime: Date.UTC(2026, 2, 3), ...golden.options };
    const survey = await trendEmailSecurity.survey!(recordsOf(file, golden.framing), options);
    expect(survey).toEqual(golden.survey);

    const parser = trendEmailSecurity.parser({ ...options, ...survey });
    const records: { outcome: Outcome; events: TraceEvent[] }[] = [];
    for await (const record of recordsOf(file, golden.framing)) {
      const sink = new EventCollector();
      records.push({ outcome: parser.parse(record, sink), events: sink.events });
    }
    expect(records).toEqual(golden.records);
  });
});
