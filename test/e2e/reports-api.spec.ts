import { createHash } from 'node:crypto';
import { cpSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type * as api from '../../libs/http/api-types';
import type { Manifest } from '../../libs/report/issued/manifest';
import { chromiumPath } from '../browser/chromium.fixture';
import { ServedStore } from './api.fixture';

/** Reports over HTTP: issued, listed, and answered byte by byte as they were issued. What the mail took is computed in the story's README. */
const STORY = resolve(__dirname, '../scenarios/plain-hes-mx1-mbx1/inputs');
const LATE = resolve(__dirname, '../scenarios/relayed-beyond-our-logs/inputs');
let served: ServedStore;

beforeAll(async () => {
  served = await ServedStore.open();
  mkdirSync(join(served.folder, 'late'));
  cpSync(join(LATE, 'hes.json'), join(served.folder, 'late', 'late.json'));
  await served.ingest.ingest([STORY]);
});
afterAll(() => served.close());

const post = (query: string): Promise<{ status: number; body: api.IssueAnswer & api.Problem }> =>
  served.get(`reports?${query}`, { method: 'POST' });
const fetched = (id: string, format: string): Promise<Response> =>
  fetch(`${served.address}/api/v1/reports/${id}?format=${format}`);

it('issues the report of a month once, and again when late data came', async () => {
  const first = await post('month=2026-03&tz=Europe/Berlin&clauses=trend-hes-2019');
  expect(first).toMatchObject({
    status: 200,
    body: {
      issued: true,
      report: {
        ...{ revision: 1, sequence: 1, from: '2026-02-28T23:00:00.000Z', to: '2026-03-31T22:00:00.000Z' },
        ...{ clauses: ['trend-hes-2019-latency'], signed: false, previous: null, inputs: 3, changed: null },
        coverage: { journeys: 1, via_hes: 1 },
      },
    },
  });
  const again = await post('month=2026-03&tz=Europe/Berlin&clauses=trend-hes-2019');
  expect([again.body.issued, again.body.report]).toEqual([false, first.body.report]);
  await served.ingest.ingest([join(served.folder, 'late')]);
  const second = await post('month=2026-03&tz=Europe/Berlin&clauses=trend-hes-2019');
  expect(second.body).toMatchObject({
    issued: true,
    report: { revision: 2, previous: first.body.report.id, coverage: { journeys: 3 }, changed: { inputs: 1 } },
  });
  const { reports } = await served.ask<api.IssuedReports>('reports');
  expect(reports).toEqual([second.body.report, first.body.report]);
});

it('answers each document with the hash that the manifest has, the page without scripts', async () => {
  const { reports } = await served.ask<api.IssuedReports>('reports');
  const { id, manifest_sha256 } = reports[1];
  const text = Buffer.from(await (await fetched(id, 'manifest')).arrayBuffer());
  const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  expect(hash(text)).toBe(manifest_sha256);
  const { documents, values } = JSON.parse(text.toString()) as Manifest;
  expect(values['segments.hes.p50_ms']).toBe(4000);
  expect(Object.keys(documents)).toEqual(['json', 'html', 'csv']);
  for (const [format, { sha256 }] of Object.entries(documents)) {
    const response = await fetched(id, format);
    expect([response.status, hash(Buffer.from(await response.arrayBuffer()))]).toEqual([200, sha256]);
  }
  const page = await fetched(id, 'html');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'unsafe-inline'");
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const csv = await fetched(id, 'csv');
  expect(csv.headers.get('content-disposition')).toBe(`attachment; filename="report-${id}.csv"`);
});

it('issues a PDF with the others where one is asked for, and keeps its bytes', async () => {
  chromiumPath();
  const { status, body } = await post('from=2026-03-01T00:00:00Z&to=2026-03-08T00:00:00Z&pdf=true');
  expect([status, body.report.formats]).toEqual([200, ['json', 'html', 'csv', 'pdf']]);
  const { documents } = (await (await fetched(body.report.id, 'manifest')).json()) as Manifest;
  const pdf = Buffer.from(await (await fetched(body.report.id, 'pdf')).arrayBuffer());
  expect(pdf.toString('latin1', 0, 5)).toBe('%PDF-');
  expect(documents.pdf).toEqual({ sha256: createHash('sha256').update(pdf).digest('hex'), size_bytes: pdf.length });
});

it.each([
  ['month=2026-13', 'month: must be a month such as 2026-03'],
  ['from=2026-03-01', 'a report is issued for a period: month, or from and to'],
  ['month=2026-03&from=2026-03-01', 'month says both bounds: leave out from and to'],
  ['month=2026-03&clauses=../secret', '"../secret" is none of one-minute, trend-hes-2019, trend-hes-before-2019'],
])('refuses %s', async (query, detail) => {
  expect(await post(query)).toMatchObject({ status: 400, body: { detail } });
});

it('says that there is no such report, and no such format', async () => {
  expect((await served.get<api.Problem>('reports/0123456789ab-1')).status).toBe(404);
  const { reports } = await served.ask<api.IssuedReports>('reports');
  expect((await fetched(reports[0].id, 'signature')).status).toBe(404);
  expect((await fetched(reports[0].id, 'docx')).status).toBe(400);
});
