import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Summary } from '../../libs/http/api-types';
import { Workplace } from '../e2e/hoptime.fixture';
import { mails } from '../e2e/live.fixture';
import { ServingProcess } from '../e2e/live-serve.fixture';
import { randomNumbers } from '../support/line-files';
import { until } from '../support/until';

/** Thirty clients that go away at any moment, read slowly, ask too much, and upload halves: nothing of it stays behind. */
const SEED = Number(process.env.TRIAL_SEED ?? 1);
const SECONDS = Number(process.env.TRIAL_SECONDS ?? 60);
const CLIENTS = 30;
const SQL_SECONDS = 20;
const RANGE = 'from=2026-01-01&to=2027-01-01';
const ENDLESS = 'SELECT sum(sipHash64(number)) FROM numbers(1000000000000)';
const MOST_GROWN = 300 * 2 ** 20;
const MANNERS = { away: 0.5, slow: 0.1, within: 600, slowMs: 3000 };

interface Question {
  readonly method?: string;
  readonly path: string;
  readonly body?: string;
}
const sql = (body: string): Question => ({ method: 'POST', path: '/sql', body });
const QUESTIONS: Question[] = [
  ...['summary', 'timeline', 'heatmap', 'pareto', 'compare', 'distribution'].map((name) => ({
    path: `/api/v1/delays/${name}?${RANGE}`,
  })),
  ...['hops', 'coverage', 'clocks', 'sla'].map((name) => ({ path: `/api/v1/${name}?${RANGE}` })),
  { path: `/api/v1/delays/summary?${RANGE}&clock=corrected` },
  { path: `/api/v1/journeys?${RANGE}&limit=500` },
  { path: '/api/v1/inputs' },
  { path: '/metrics' },
  { path: '/' },
  sql(ENDLESS),
  sql(`SELECT (${ENDLESS})`),
  sql("SELECT repeat('x', 1000) FROM numbers(5000000)"),
  sql('SELECT groupArray(number) FROM numbers(500000000)'),
  sql('SELECT * FROM hops FORMAT JSONEachRow'),
  sql('SELEC 1'),
  { method: 'POST', path: '/api/v1/inspect', body: 'Received: from x by y; Mon, 2 Mar 2026 11:00:00 +0000\n\n' },
];

const random = randomNumbers(SEED);
const place = new Workplace();
const serving = new ServingProcess(place);
afterAll(async () => {
  await serving.end('SIGKILL');
  place.remove();
});

/** One request with the manners that chance gives it; answers the status, or undefined where it was not waited for. */
function rudely({ method = 'GET', path, body }: Question): Promise<number | undefined> {
  const manner = random();
  return new Promise((done) => {
    const asked = request(`${serving.address}${path}`, { method, agent: false }, (response) => {
      response.on('error', () => undefined);
      response.on('close', () => done(response.complete ? response.statusCode : undefined));
      if (manner >= MANNERS.away && manner < MANNERS.away + MANNERS.slow) {
        setTimeout(() => asked.destroy(), MANNERS.slowMs);
        response.once('readable', () => response.read(1));
      } else response.resume();
    });
    asked.on('error', () => done(undefined));
    asked.on('close', () => done(undefined));
    asked.end(body);
    if (manner < MANNERS.away) setTimeout(() => asked.destroy(), random() * random() * MANNERS.within);
  });
}

/** Sends half a log and goes. */
async function halfUpload(lines: string): Promise<void> {
  const sent = request(`${serving.address}/api/v1/ingest?name=half.log`, { method: 'POST', agent: false });
  sent.on('error', () => undefined);
  sent.setHeader('content-type', 'application/octet-stream');
  sent.write(lines.slice(0, random() * lines.length));
  await sleep(random() * MANNERS.within);
  sent.destroy();
}

const ask = async (path: string, body?: string): Promise<string> =>
  (await fetch(`${serving.address}${path}`, body === undefined ? {} : { method: 'POST', body })).text();

function taken(): { threads: number; files: number; memory: number } {
  const of = (name: string): string => join('/proc', String(serving.pid), name);
  const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(of('status'), 'utf8'))?.[1]) * 1024;
  return { threads: readdirSync(of('task')).length, files: readdirSync(of('fd')).length, memory };
}

it(`seed ${SEED}, ${SECONDS} s`, async () => {
  const log = mails(2000).join('');
  writeFileSync(join(serving.logs, 'mail.log'), log);
  await serving.start({ SQL_MAX_SECONDS: String(SQL_SECONDS) });
  await serving.untilRecords(log.split('\n').length - 1);
  const summary = (): Promise<string> => ask(`/api/v1/delays/summary?${RANGE}`);
  const told = await summary();
  expect((JSON.parse(told) as Summary).coverage.journeys).toBe(2000);
  for (const question of QUESTIONS.filter(({ path }) => path !== '/sql')) await ask(question.path, question.body);
  const before = taken();

  const end = Date.now() + SECONDS * 1000;
  const statuses = new Map<string, number>();
  const client = async (): Promise<void> => {
    while (Date.now() < end) {
      if (random() < 0.05) await halfUpload(log);
      const question = QUESTIONS[Math.floor(random() * QUESTIONS.length)];
      const key = `${question.path.split('?')[0]} ${await rudely(question)}`;
      statuses.set(key, (statuses.get(key) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  console.log(
    [...statuses]
      .sort()
      .map(([key, times]) => `${times} ${key}`)
      .join('\n'),
  );

  // What runs on is over when its time is.
  await until(async () => /hoptime_store_queries\{state="running"\} 0/.test(await ask('/metrics')));
  await sleep((SQL_SECONDS + 5) * 1000);
  const after = taken();
  console.log({ before, after });
  expect(await ask('/sql', 'SELECT 1')).toBe('1\n');
  expect(serving.stderr).not.toMatch(/failed|Error/);
  // three files for each thread of the engine
  expect(after.files - before.files).toBeLessThan(3 * (after.threads - before.threads) + 40);
  expect(after.threads).toBeLessThan(120);
  expect(after.memory - before.memory).toBeLessThan(MOST_GROWN);
  // Halves of the log that were read are in the store, and what they say was there already.
  expect(await summary()).toBe(told);
  // A statement that had kept its place would be waited for.
  expect(await serving.end('SIGTERM')).toBe(0);
});
