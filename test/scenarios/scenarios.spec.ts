import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layEmptyStore } from '../../libs/store/temporary-store.fixture';
import { runCommandLine } from '../support/command-lines';

/**
 * Every folder beside this file is a story: inputs in the shape of real files, and the journeys that the delay model says they
 * must give, computed by hand in the story's README. The command lines of the built program are run as a user runs them, on a fresh store per
 * story.
 */
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Columns = { [name: string]: Json };
type Journey = Columns & { hops: Columns[] };

interface Story {
  ingest?: {
    /** Further arguments of every `ingest`; `{story}` in them is the folder of the story. */
    args?: string[];
    /** One `ingest` per entry, with the paths in it (relative to the story). Without: one `ingest` of the folder `inputs`. */
    runs?: string[][];
    /** What the first run counts, of `totals` in `ingest --json`. */
    totals?: Columns;
  };
  /** Sorted by hes_received_at (else the first hop's received_at), then recipient. Only the columns named are compared. */
  journeys: Columns[];
}

const stories = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

const readStory = (name: string): Story => JSON.parse(readFileSync(join(__dirname, name, 'expected.json'), 'utf8')) as Story;

/** Runs the CLI in an empty directory, without the configuration of this machine. Returns what it printed as JSON. */
function hoptime(directory: string, args: string[]): Json {
  const env = { ...process.env, STORE_URL: `chdb:${join(directory, 'store')}` };
  for (const name of ['VERDICT_THRESHOLD_MS', 'HES_NETWORKS', 'MTA_ALIASES', 'PSEUDONYM_KEY', 'RETENTION_DAYS']) Reflect.deleteProperty(env, name);
  const run = runCommandLine(args, env, directory);
  const stdout = run.stdout.toString();
  if (run.status !== 0) throw new Error(`hoptime ${args.join(' ')}\nended with ${run.status}\n${run.stderr.toString()}${stdout}`);
  try {
    return JSON.parse(stdout) as Json;
  } catch {
    throw new Error(`hoptime ${args.join(' ')}\nprinted no single JSON document:\n${stdout.slice(0, 2000)}`);
  }
}

const isColumns = (value: Json | undefined): value is Columns =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The part of `actual` that `expected` speaks of; elements beyond the expected ones stay whole, so that they show up in the diff. */
function pinned(actual: Json, expected: Json | undefined): Json {
  if (Array.isArray(actual) && Array.isArray(expected)) return actual.map((value, i) => pinned(value, expected[i]));
  if (!isColumns(actual) || !isColumns(expected)) return actual;
  return Object.fromEntries(
    Object.keys(expected).map((name) => [name, name in actual ? pinned(actual[name], expected[name]) : '(no such column)']),
  );
}

function sortKey(journey: Columns): string {
  const first = Array.isArray(journey.hops) ? journey.hops[0] : undefined;
  const firstTime = journey.hes_received_at ?? (isColumns(first) ? first.received_at : null);
  return `${firstTime ?? '~'} ${journey.recipient}`;
}

const sorted = (journeys: Columns[]): Columns[] =>
  [...journeys].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : sortKey(a) > sortKey(b) ? 1 : 0));

const nameOf = (journey: Columns): string => `${journey.recipient} <${journey.message_id}>`;

describe.each(stories)('%s', (name) => {
  const folder = join(__dirname, name);
  const story = readStory(name);
  let directory: string;
  let tallies: Json[];
  let journeys: Journey[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'hoptime-scenario-'));
    await layEmptyStore(join(directory, 'store'));
    const runs = story.ingest?.runs ?? [['inputs']];
    const args = (story.ingest?.args ?? []).map((arg) => arg.replace('{story}', folder));
    tallies = runs.map((paths) =>
      hoptime(directory, ['ingest', ...paths.map((path) => join(folder, path)), ...args, '--json']),
    );
    journeys = sorted(hoptime(directory, ['journeys', '--all', '--format', 'json']) as Columns[]) as Journey[];
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('keeps its books', () => {
    for (const tally of tallies) {
      const totals = (tally as { totals: Columns }).totals;
      expect(totals.records).toBe(Number(totals.parsed) + Number(totals.skipped) + Number(totals.rejected));
      expect(totals.rejected).toBe(0);
    }
    const totals = (tallies[0] as { totals: Columns }).totals;
    expect(pinned(totals, story.ingest?.totals ?? {})).toEqual(story.ingest?.totals ?? {});
  });

  it('has these journeys and no others', () => {
    expect(journeys.map(nameOf)).toEqual(story.journeys.map(nameOf));
  });

  it('has the figures of the hand computation', () => {
    expect(pinned(journeys, story.journeys)).toEqual(story.journeys);
  });

  it('adds up to the millisecond', () => {
    const whole = journeys.filter((j) => j.total_ms !== null);
    const sums = whole.map((j) => ({
      journey: nameOf(j),
      hes_ms: Number(j.hes_processing_ms) + Number(j.hes_waiting_ms),
      total_ms: j.hops.reduce((sum, hop) => sum + Number(hop.dwell_ms) + Number(hop.transfer_ms), Number(j.hes_ms)),
    }));
    expect(sums).toEqual(whole.map((j) => ({ journey: nameOf(j), hes_ms: j.hes_ms, total_ms: j.total_ms })));
  });
});

describe('the stories themselves', () => {
  it.each(stories)('%s has a README and inputs, is sorted, and obeys the invariant of the delay model', (name) => {
    expect(existsSync(join(__dirname, name, 'README.md'))).toBe(true);
    expect(readdirSync(join(__dirname, name, 'inputs')).length).toBeGreaterThan(0);
    const { journeys } = readStory(name);
    expect(sorted(journeys).map(nameOf)).toEqual(journeys.map(nameOf));
    for (const j of journeys) {
      for (const column of ['message_id', 'recipient', 'hops']) expect(j).toHaveProperty(column);
      if (typeof j.hes_ms === 'number') {
        expect(j.hes_ms).toBe(Date.parse(String(j.hes_released_at)) - Date.parse(String(j.hes_received_at)));
        expect(Number(j.hes_processing_ms) + Number(j.hes_waiting_ms)).toBe(j.hes_ms);
      }
      if (typeof j.total_ms === 'number') {
        const hops = j.hops as Columns[];
        const sum = hops.reduce((total, hop) => total + Number(hop.dwell_ms) + Number(hop.transfer_ms), Number(j.hes_ms));
        expect(sum).toBe(j.total_ms);
        expect(Number(j.hes_ms) + Number(j.downstream_ms)).toBe(j.total_ms);
        expect(hops.length).toBe(j.hop_count);
      }
    }
  });
});
