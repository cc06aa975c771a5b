import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { STORIES } from './expected';
import { goClient } from './installed.fixture';
import { output, SqlServing } from './serving.fixture';

const FOLDER = resolve(__dirname, '../../docker/grafana');
const FROM = Date.UTC(2026, 2, 1) / 1000;
const TO = Date.UTC(2026, 2, 31) / 1000;

interface Panel {
  title: string;
  type: string;
  datasource: { type: string; uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { rawSql: string; format: number; datasource: { uid: string } }[];
}

const dashboard = JSON.parse(readFileSync(join(FOLDER, 'dashboards', 'hoptime.json'), 'utf8')) as {
  uid: string;
  panels: Panel[];
};

/** The macros as pkg/macros/macros.go of the plugin writes them out (its documentation: "Macros"); any other is none. */
function expanded(sql: string): string {
  const day = (seconds: number): string => `toDate('${new Date(seconds * 1000).toISOString().slice(0, 10)}')`;
  const text = sql
    .replace(/\$__timeFilter\((\w+)\)/g, `$1 >= toDateTime(${FROM}) AND $1 <= toDateTime(${TO})`)
    .replace(/\$__dateFilter\((\w+)\)/g, `$1 >= ${day(FROM)} AND $1 <= ${day(TO)}`);
  expect(text).not.toContain('$');
  return text;
}

/** Eight journeys; numbers by hand from the README.md of the stories. The greylisted one waits 305 s at HES. */
const EXPECTED: Record<string, unknown[][]> = {
  'Mail in this range': [[8, 6, 4, 1]],
  // hes_ms 4000, 4000, 5000, 308000; downstream_ms 420, 1955; total_ms 5955, 308420
  'Delay in this range': [[4000, 308_000, 420, 1955, 5955, 308_420]],
  'Delay by day and segment, p50 and p95': [['2026-03-02T00:00:00.000', 4000, 308_000, 420, 1955, 5955, 308_420]],
  'Share under 1, 5 and 10 minutes': [
    ['After HES', 2, 1, 1, 1],
    ['HES', 4, 0.75, 0.75, 1],
    ['Total', 2, 0.5, 0.5, 1],
  ],
  'Causes by share of delay': [
    ['hes_waiting_on_downstream', 1, 308_420, 308_420 / 314_375],
    ['none', 1, 5955, 5955 / 314_375],
    ['not_via_hes', 2, 0, 0],
  ],
  // mx1: 1000, 2000, 2300, 300 and one unknown, which is deferred twice; mbx1: 120000 and one unknown; 127300 in all
  'Slowest MTAs after HES': [
    ['mbx1', 2, 120_000, 120_000, 0, 120_000 / 127_300],
    ['mx1', 5, 1000, 2300, 2, 5600 / 127_300],
    ['mx1.corp.example', 1, 1400, 1400, 0, 1400 / 127_300],
    ['mbx1.corp.example', 1, 300, 300, 0, 300 / 127_300],
  ],
  'Coverage: where journeys came from, by day': [['2026-03-02T00:00:00.000', 6, 2, 0]],
  // of six via HES: four with hes_ms; plain-1, flight-3, flight-4 and grey-1 reached a hop; plain-1 and grey-1 have a total
  'Coverage: share of mail via HES with each figure, by day': [['2026-03-02T00:00:00.000', 4 / 6, 4 / 6, 2 / 6]],
  'In flight, oldest first': [
    ['2026-03-02T10:00:00.000', 'flight-1@partner.example', 'corp.example', 0],
    ['2026-03-02T10:10:00.000', 'flight-2@partner.example', 'corp.example', 0],
    ['2026-03-02T10:20:00.000', 'flight-3@partner.example', 'corp.example', 1],
    ['2026-03-02T10:30:00.000', 'flight-4@partner.example', 'corp.example', 2],
  ],
};

describe('the dashboard for Grafana', () => {
  let serving: SqlServing;
  let answers: Record<string, unknown[][]>;

  beforeAll(async () => {
    serving = await SqlServing.over([...STORIES, 'greylisted-hes-says-so']);
    const statements = Object.fromEntries(
      dashboard.panels.map(({ title, targets }) => [title, expanded(targets[0].rawSql)]),
    );
    const input = JSON.stringify({ statements });
    answers = JSON.parse(output(goClient(), [`127.0.0.1:${serving.sqlPort}`, '', 'gzip'], { input }))
      .gzip as typeof answers;
  }, 600_000);
  afterAll(() => serving?.stop());

  const asNumbers = (rows: unknown[][]): unknown[][] =>
    rows.map((row) => row.map((value) => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value)));

  it('has a statement in each panel, and an expectation for each', () => {
    expect(dashboard.panels.map(({ title }) => title)).toEqual(Object.keys(EXPECTED));
    expect(dashboard.panels.flatMap(({ targets }) => targets).length).toBe(dashboard.panels.length);
  });

  it.each(Object.entries(EXPECTED))('shows the right figures: %s', (title, expected) => {
    // the age of mail in flight depends on the clock
    const rows = asNumbers(answers[title]).map((row) => (title.startsWith('In flight') ? row.toSpliced(1, 1) : row));
    expect(rows).toEqual(expected);
  });

  it('says how old mail in flight is, in seconds', () => {
    const [since, age] = asNumbers(answers['In flight, oldest first'])[0];
    const now = (Date.now() - Date.parse(`${String(since)}Z`)) / 1000;
    expect(Math.abs(Number(age) - now)).toBeLessThan(120);
  });

  it('asks the provisioned data source', () => {
    const { datasources } = parse(
      readFileSync(join(FOLDER, 'provisioning', 'datasources', 'hoptime.yaml'), 'utf8'),
    ) as {
      datasources: { uid: string; type: string; jsonData: Record<string, unknown> }[];
    };
    expect(datasources).toHaveLength(1);
    const [{ uid, type, jsonData }] = datasources;
    const asked = dashboard.panels.flatMap(({ datasource, targets }) => [
      datasource,
      ...targets.map((target) => target.datasource),
    ]);
    expect(asked.filter((one) => one.uid !== uid)).toEqual([]);
    expect(type).toBe('grafana-clickhouse-datasource');
    expect(jsonData).toMatchObject({ protocol: 'http', defaultDatabase: 'hoptime' });
  });

  it('has its panels beside each other, not one over another', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
