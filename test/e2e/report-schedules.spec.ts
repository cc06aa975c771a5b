import { resolve } from 'node:path';
import { IngestService } from '../../libs/ingest/ingest.service';
import { IssuedReportRepository } from '../../libs/report/issued/issued-report.repository';
import { ReportIssuer } from '../../libs/report/issued/report-issuer';
import { reportOfStore, type GivenReport } from '../../libs/report/issued/given-report';
import { verifyAgainstStore } from '../../libs/report/issued/verify.service';
import { ReportSchedule } from '../../libs/report/schedule/report-schedule';
import type { Schedule } from '../../libs/report/schedule/schedule';
import { Store } from '../../libs/store/store';
import { WriteTurn } from '../../libs/store/write-turn';
import { TestStoreServer } from '../support/store-server/store-server';

/** Two workers with one store on a server: each period is issued once, also those that were missed while none ran. */
const STORY = resolve(__dirname, '../scenarios/plain-hes-mx1-mbx1/inputs');
const SCHEDULE: Schedule = {
  name: 'monthly',
  cron: '0 6 2 * *',
  period: 'month',
  zone: 'UTC',
  clauses: [],
  clock: 'raw',
  pdf: false,
  filters: {},
};
let server: TestStoreServer;
let stores: Store[];
let now = Date.parse('2026-03-10T00:00:00Z');
const said: string[] = [];

beforeAll(async () => {
  server = await TestStoreServer.start();
  stores = [await Store.open(server.url('reports_store')), await Store.open(server.url('reports_store'))];
  await new IngestService(stores[0]).ingest([STORY]);
});
afterAll(async () => {
  for (const store of stores) await store.close();
  await server.close();
});

function worker(store: Store): ReportSchedule {
  const options = { version: '0.0.0-test', verdictThresholdMs: 60_000 };
  const issuer = new ReportIssuer({
    store,
    turn: new WriteTurn(),
    ingest: new IngestService(store),
    options,
    path: '',
  });
  return new ReportSchedule({
    store,
    schedules: [SCHEDULE],
    inTurn: (work) => issuer.inTurn(work),
    issue: (question, asPdf) => issuer.issueInTurn(question, asPdf),
    note: (sentence) => void said.push(sentence),
    now: () => now,
  });
}

it('issues what is due once, in order, and nothing before the schedule was first seen', async () => {
  const workers = stores.map(worker);
  const runDue = (): Promise<unknown> => Promise.all(workers.map((each) => each.runDue()));
  const months = async (): Promise<string[]> =>
    (await new IssuedReportRepository(stores[0]).list())
      .map(({ from, revision }) => `${new Date(from).toISOString().slice(0, 7)}-r${revision}`)
      .reverse();
  await runDue();
  expect(await months()).toEqual([]);
  now = Date.parse('2026-06-01T00:00:00Z');
  await runDue();
  expect(await months()).toEqual(['2026-03-r1', '2026-04-r1']);
  now = Date.parse('2026-06-02T06:00:00Z');
  await runDue();
  await runDue();
  expect(await months()).toEqual(['2026-03-r1', '2026-04-r1', '2026-05-r1']);
  expect(said.map((sentence) => sentence.replace(/\w{12}-/, ''))).toEqual(
    Array(3).fill('schedule monthly: 1 is issued, not signed'),
  );
});

it('issued what is verified against the store on the server, with its chain', async () => {
  const [store] = stores;
  const reports = new IssuedReportRepository(store);
  const march = (await reports.list()).at(-1);
  expect(march?.summary.coverage).toMatchObject({ journeys: 1, via_hes: 1, complete: 1 });
  const given = (await reportOfStore(reports, march?.id ?? '')) as GivenReport;
  const { equal, differences, notes } = await verifyAgainstStore(given, store);
  expect([equal, differences, notes.chain]).toEqual([true, [], ['the first; 3 in the store']]);
});
