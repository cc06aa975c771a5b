import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Summary } from '../../libs/http/api-types';
import { Store } from '../../libs/store/store';
import { rebuildRollups } from '../../libs/store/rollup';
import { Workplace } from '../e2e/hoptime.fixture';
import { KafkaBroker } from '../support/kafka-broker';
import { TestStoreServer } from '../support/store-server/store-server';
import { WorkerProcess } from '../support/worker-process';

/**
 * Lines of Postfix arrive at a steady rate, through Kafka and role processes into a store server that holds many journeys and their events: how long
 * from a mail's last line to its effect in /delays/summary over everything. Then a backlog comes at once, and is caught up.
 * TRIAL_JOURNEYS, TRIAL_RATE (lines a second), TRIAL_MINUTES, TRIAL_P99_MS (fails above; unset = only printed). TRIAL_STORE names a folder that keeps the
 * store: the next time the made-up mail is there already.
 */
const JOURNEYS = Number(process.env.TRIAL_JOURNEYS ?? 10_000_000);
const RATE = Number(process.env.TRIAL_RATE ?? 2000);
const MINUTES = Number(process.env.TRIAL_MINUTES ?? 5);
const LIMIT_MS = Number(process.env.TRIAL_P99_MS ?? Infinity);
const BACKLOG_SECONDS = 15;
const STEP = 1_000_000;
const LINES_PER_MAIL = 5;
const TICK_MS = 100;
/** Between an answer of the summary and the next question: a person looks less often. */
const ASK_MS = 300;
const HOST = 'mx1.corp.example';

const place = new Workplace();
const logs = join(place.folder, 'logs');
const log = join(logs, 'mail.log');
const workers: WorkerProcess[] = [];
let broker: KafkaBroker;
let server: TestStoreServer;
let written = 0;
/** journeys that are not of the mail written here */
let others = 0;
/** ids of this run's mail are not those of another one on the same store */
const firstId = Date.now() * 1000;
/** when the n-th mail was written */
const writtenAt: number[] = [];
/** answers of the summary: when they came, how many live mails they counted, how long they took */
const answers: { at: number; mails: number; tookMs: number }[] = [];
const behind: number[] = [];
/** s that steps of correlations took, as the correlator says every two seconds */
const STEPS = ['take', 'gather', 'build', 'replace', 'exchange', 'roll up', 'empty'];
const steps = new Map(STEPS.map((step): [string, number[]] => [step, []]));
/** s since the oldest block on the bus that no writer has acknowledged */
const unread: number[] = [];

beforeAll(async () => {
  [broker, server] = await Promise.all([KafkaBroker.start(), TestStoreServer.start(process.env.TRIAL_STORE)]);
  mkdirSync(logs);
});
afterAll(async () => {
  // In a store that is kept, a correlation that is cut off would leave rollups to be built anew.
  await workers[1]?.end('SIGTERM');
  await Promise.all(workers.map((one) => one.end('SIGKILL')));
  await Promise.all([broker.stop(), server.close()]);
  place.remove();
});

/** A mail of this moment, five lines; its delivery took a second. */
function mail(number: number): string {
  const id = (firstId + number).toString(16).toUpperCase();
  const now = Date.now();
  const line = (ms: number, program: string, text: string): string =>
    `${new Date(now - ms).toISOString()} ${HOST} postfix/${program}[700]: ${id}: ${text}\n`;
  const to = `to=<user${number % 500}@corp.example>, relay=store1.corp.example[192.0.2.9]:25`;
  return [
    line(1000, 'smtpd', 'client=mail.partner.example[192.0.2.7]'),
    line(990, 'cleanup', `message-id=<${firstId + number}.live@partner.example>`),
    line(980, 'qmgr', 'from=<bob@partner.example>, size=2841, nrcpt=1 (queue active)'),
    line(10, 'smtp', `${to}, delay=1, delays=0.1/0/0.1/0.8, dsn=2.0.0, status=sent (250 2.0.0 Ok)`),
    line(0, 'qmgr', 'removed'),
  ].join('');
}

function write(mails: number): void {
  appendFileSync(log, Array.from({ length: mails }, (_, n) => mail(written + n)).join(''));
  const at = Date.now();
  for (let n = 0; n < mails; n++) writtenAt[written++] = at;
}

/** The store has JOURNEYS of made-up mail besides what the live log brings. The first correlation is of live mail alone, so that all others are of touched messages. */
async function fill(url: string): Promise<void> {
  const begun = Date.now();
  for (const [name, args] of [
    ['writer', []],
    ['correlator', []],
    ['api', []],
    ['collector', ['--watch', logs]],
  ] as const) {
    const env = {
      BUS_URL: `kafka://${broker.address}/?topic-prefix=rate.`,
      STORE_URL: url,
      COLLECTOR_FOLDER: join(place.folder, 'collector'),
    };
    const one = new WorkerProcess(name, env, args, place.folder);
    workers.push(one);
    await one.start();
  }
  others = await counted();
  if (others >= JOURNEYS) return console.log(`${others} journeys are there`);
  write(100);
  for (const end = Date.now() + 120_000; (await counted()) < written && Date.now() < end;) await sleep(500);
  await workers[1].end('SIGTERM');
  const store = await Store.open(url);
  const making = ['bench/journeys.sql', 'test/trial/made-up-events.sql'].map(async (name) => {
    const sql = readFileSync(join(__dirname, '../..', name), 'utf8');
    for (let first = 0; first < JOURNEYS; first += STEP)
      await store.command({ sql }, { first, count: Math.min(STEP, JOURNEYS - first), tracked: 0 });
  });
  await Promise.all(making);
  // Nothing of it is to be correlated: its journeys are there.
  await store.command({ sql: 'TRUNCATE TABLE hoptime_store.touched_groups' });
  await store.inTurn(() => rebuildRollups(store));
  await store.close();
  await workers[1].start();
  others += JOURNEYS;
  console.log(
    `${JOURNEYS} journeys and ${4 * JOURNEYS} events made up in ${Math.round((Date.now() - begun) / 1000)} s`,
  );
}

/** Journeys of mail written here that the summary of everything counts. */
async function counted(): Promise<number> {
  const begun = Date.now();
  const address = /Hoptime is at (http:[^\s,]+)/.exec(workers[2].stderr)?.[1];
  const to = new Date(begun + 86_400_000).toISOString().slice(0, 10);
  const answer = await fetch(`${address}/api/v1/delays/summary?from=2026-03-01&to=${to}`);
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  const { coverage } = (await answer.json()) as Summary;
  answers.push({ at: Date.now(), mails: coverage.journeys - others, tookMs: Date.now() - begun });
  return coverage.journeys - others;
}

/** CPU seconds of each process so far. */
const cpuSeconds = (): Map<string, number> =>
  new Map(
    [
      ...workers.map((one) => [one.role, one.pid] as const),
      ['broker', broker.pid] as const,
      ['store server', server.pid] as const,
    ].map(([name, pid]) => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return [name, (Number(fields[11]) + Number(fields[12])) / 100];
    }),
  );

const quantile = (values: readonly number[], p: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(p * values.length) - 1)];
const shown = (values: readonly number[]): string =>
  [0.5, 0.95, 0.99, 1].map((p) => `p${p * 100} ${quantile(values, p)}`).join(', ');

it(
  `${RATE} lines/s for ${MINUTES} min over ${JOURNEYS} journeys`,
  async () => {
    await fill(server.url('hoptime_store'));
    // The ties between groups of what is there are collected once, by the first correlation.
    const first = Date.now();
    write(RATE / LINES_PER_MAIL);
    for (; (await counted()) < written; await sleep(500))
      if (Date.now() - first > 900_000) throw new Error('the first mails were never seen');
    console.log(`the first mails were seen after ${((Date.now() - first) / 1000).toFixed(1)} s`);

    answers.length = 0;
    const begun = Date.now();
    const end = begun + MINUTES * 60_000;
    const before = written;
    const cpuBefore = cpuSeconds();
    const writing = (async () => {
      for (let now = Date.now(); now < end; now = Date.now()) {
        // As many as are due, also where a tick came late.
        write(Math.floor(((now - begun) * RATE) / LINES_PER_MAIL / 1000) - (written - before));
        await sleep(TICK_MS);
      }
    })();
    const telling = (async () => {
      for (; Date.now() < end; await sleep(2000)) {
        behind.push(await workers[1].metric('hoptime_figures_behind_seconds'));
        unread.push(await workers[0].metric('hoptime_bus_oldest_unread_seconds', 'topic="trace-events"'));
        for (const step of STEPS) {
          const took = await workers[1].metric('hoptime_correlation_step_seconds', `step="${step}"`);
          if (!Number.isNaN(took)) steps.get(step)?.push(took);
        }
      }
    })();
    for (; Date.now() < end || (await counted()) < written; await sleep(ASK_MS)) {
      await counted();
      if (Date.now() > end + 120_000) throw new Error(`not all mail was seen: ${answers.at(-1)?.mails} of ${written}`);
    }
    await Promise.all([writing, telling]);
    const seconds = (Date.now() - begun) / 1000;
    const used = [...cpuSeconds()].map(([name, cpu]) => [name, (cpu - (cpuBefore.get(name) ?? 0)) / seconds] as const);
    let seen = 0;
    const delays = writtenAt.slice(before, written).map((at, n) => {
      while (answers[seen].mails < before + n + 1) seen++;
      return answers[seen].at - at;
    });
    console.log(
      `${written - before} mails, ${Math.round(((written - before) * LINES_PER_MAIL) / (MINUTES * 60))} lines/s; from the last line to the summary, ms: ${shown(delays)}\n` +
        `the summary itself took, ms: ${shown(answers.map(({ tookMs }) => tookMs))}; the correlator said it was behind, s: ${shown(behind.map((s) => Math.round(s * 10) / 10))}\n` +
        `oldest unwritten block on the bus, s: ${shown(unread.map((s) => Math.round(s * 100) / 100))}; a correlation's steps, median s: ` +
        `${[...steps].map(([step, took]) => `${step} ${quantile(took, 0.5).toFixed(2)}`).join(', ')}\n` +
        `cores used: ${used.map(([name, cores]) => `${name} ${cores.toFixed(2)}`).join(', ')}; ` +
        `in all ${used.reduce((sum, [, cores]) => sum + cores, 0).toFixed(2)}; ${answers.length} questions`,
    );

    const [took, ofTouched, ofAll] = await Promise.all([
      workers[1].metric('hoptime_correlation_seconds'),
      workers[1].metric('hoptime_correlations_total', 'scope="touched"'),
      workers[1].metric('hoptime_correlations_total', 'scope="everything"'),
    ]);
    console.log(`${ofTouched} correlations of touched messages, the last took ${took} s; ${ofAll} of everything`);
    // One of everything would make journeys of the made-up events, and none of those that only are journeys.
    expect(ofAll).toBe(0);

    const burst = Date.now();
    write(Math.round((RATE * BACKLOG_SECONDS) / LINES_PER_MAIL));
    for (; (await counted()) < written; await sleep(200))
      if (Date.now() - burst > 600_000) throw new Error('the backlog was never caught up');
    console.log(
      `a backlog of ${RATE * BACKLOG_SECONDS} lines was in the figures after ${((Date.now() - burst) / 1000).toFixed(1)} s`,
    );
    expect(await counted()).toBe(written);
    expect(quantile(delays, 0.99)).toBeLessThanOrEqual(LIMIT_MS);
  },
  MINUTES * 60_000 + 3_600_000,
);
