import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClockService } from '../../libs/delay/clocks/clock.service';
import { IngestService } from '../../libs/ingest/ingest.service';
import { asker } from '../../libs/store/asker';
import { QueryPool } from '../../libs/store/query-pool';
import type { QueryParameters, Statement } from '../../libs/store/store';
import { rowScope } from '../../libs/store/row-scope';
import { SqlPlace } from './endpoint.fixture';

/** The mail of one.example passes from mx1 to mbx1 within 0.1 s by their stamps, that of two.example after 3 s. */
let place: SqlPlace;
let pool: QueryPool;
const DOMAINS = ['one.example'];

/** `2026-03-02T10:MM:SS.mmm` of a message, so many ms after its begin. */
const stamp = (minute: number, ms: number): string =>
  new Date(Date.UTC(2026, 2, 2, 10, minute) + ms).toISOString().replace('Z', '000+00:00');

function logsOf(minute: number, domain: string, transferMs: number): { mx1: string; mbx1: string } {
  const [queue, next] = [`81${minute}CAB0001`, `84${minute}CAB0001`];
  const lines = (host: string, id: string, at: number, client: string, sent: string): string =>
    [
      `smtpd[701]: ${id}: client=${client}`,
      `cleanup[702]: ${id}: message-id=<m${minute}@partner.example>`,
      `qmgr[703]: ${id}: from=<bob@partner.example>, size=2841, nrcpt=1 (queue active)`,
      `${sent}, delay=0.1, delays=0.05/0.01/0.01/0.03, dsn=2.0.0, status=sent`,
      `qmgr[705]: ${id}: removed`,
    ]
      .map(
        (text, i) =>
          `${stamp(minute, at + i)} ${host} postfix/${text}${i === 3 ? ` (250 2.0.0 Ok: queued as ${next})` : ''}\n`,
      )
      .join('');
  const to = `to=<alice@${domain}>`;
  return {
    mx1: lines(
      'mx1',
      queue,
      0,
      'inpost02.tmes.trendmicro.eu[18.185.115.12]',
      `smtp[704]: ${queue}: ${to}, relay=mbx1.corp.example[10.1.0.30]:25`,
    ),
    mbx1: lines('mbx1', next, transferMs, 'mx1.corp.example[10.1.0.11]', `local[704]: ${next}: ${to}, relay=local`),
  };
}

beforeAll(async () => {
  place = await SqlPlace.open();
  pool = new QueryPool(place.store);
  const logs = Array.from({ length: 40 }, (_, i) =>
    i % 2 ? logsOf(10 + i, 'one.example', 100) : logsOf(10 + i, 'two.example', 3000),
  );
  for (const host of ['mx1', 'mbx1'] as const)
    writeFileSync(join(place.folder, `${host}.log`), logs.map((each) => each[host]).join(''));
  await new IngestService(place.store).ingest([join(place.folder, 'mx1.log'), join(place.folder, 'mbx1.log')]);
});
afterAll(async () => {
  await pool.close();
  await place.close();
});

it('keeps leads of all mail and of some domains apart, whoever asks first', async () => {
  const all = await new ClockService(pool).correction({});
  const one = await rowScope.run(DOMAINS, () => new ClockService(pool).correction({}));
  expect(one.p50_ms).not.toEqual(all.p50_ms);
  const allFirst = new ClockService(pool);
  expect(await allFirst.correction({})).toEqual(all);
  expect(await rowScope.run(DOMAINS, () => allFirst.correction({}))).toEqual(one);
  const oneFirst = new ClockService(pool);
  expect(await rowScope.run(DOMAINS, () => oneFirst.correction({}))).toEqual(one);
  expect(await oneFirst.correction({})).toEqual(all);
});

it('is an answer to others who wait for it when the first who asked is gone', async () => {
  const expected = await new ClockService(pool).correction({});
  const gone = new AbortController();
  let second: Promise<unknown> | undefined;
  let isAsked: () => void;
  const asked = new Promise<void>((done) => (isAsked = done));
  const service: ClockService = new ClockService({
    rows: async <T>(statement: Statement, parameters: QueryParameters = {}) => {
      if (statement === 'queries/clock_hours') {
        second = asker.exit(() => service.correction({}));
        await asked;
        gone.abort();
      }
      const rows = await pool.rows<T>(statement, parameters);
      if (second && statement === 'queries/range') setImmediate(isAsked);
      return rows;
    },
  });
  await asker.run(gone.signal, () => service.correction({})).catch(() => undefined);
  expect(await second).toEqual(expected);
});
