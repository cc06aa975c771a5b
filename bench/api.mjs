/**
 * How long the API takes to answer over many journeys: `npm run build && node bench/api.mjs 2500000 25000000`. For each number: makes a scratch
 * store of so many made-up journeys of 30 days, serves it, waits until the server is idle (it merges what was written), and asks each question 30 times, one after the
 * other. Prints a table in ms: median, p95, and the server's CPU time per answer (Linux), which says more than the clock where others work. A store that there is
 * (`chdb:/path`, made so by an earlier run with KEEP=1) is only asked.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

process.env.TZ = 'UTC';
const require = createRequire(import.meta.url);
const ROOT = join(import.meta.dirname, '..');
const { Store } = require(join(ROOT, 'dist/libs/store/store.js'));
const { rebuildRollups } = require(join(ROOT, 'dist/libs/store/rollup.js'));
const ROUNDS = 30;
const STEP = 1_000_000;
/** of /proc/PID/stat on Linux */
const TICK_MS = 10;
/** A server that uses less CPU than 50 ms in each of so many seconds is idle. */
const IDLE_SECONDS = 5;
const IDLE_CPU_MS = 50;
const RANGE = 'from=2026-03-02&to=2026-04-01';
const BERLIN = 'from=2026-03-01T23:00:00Z&to=2026-03-31T22:00:00Z&tz=Europe/Berlin';
const QUESTIONS = {
  summary: `delays/summary?${RANGE}`,
  'summary, days of Berlin': `delays/summary?${BERLIN}`,
  'timeline, days': `delays/timeline?${RANGE}`,
  'timeline, days of Berlin': `delays/timeline?${BERLIN}`,
  'heat map, days': `delays/heatmap?${RANGE}`,
  'heat map, days of Berlin': `delays/heatmap?${BERLIN}`,
  'heat map, hours, one segment': `delays/heatmap?${RANGE}&interval=hour&segment=total`,
  'breakdown by recipient domain': `delays/breakdown?${RANGE}&by=recipient_domain`,
  'breakdown by sender domain': `delays/breakdown?${RANGE}&by=sender_domain`,
  'breakdown by sender domain, days of Berlin': `delays/breakdown?${BERLIN}&by=sender_domain`,
  'breakdown by MTA': `delays/breakdown?${RANGE}&by=mta`,
  'breakdown by verdict': `delays/breakdown?${RANGE}&by=verdict`,
  'breakdown by state': `delays/breakdown?${RANGE}&by=state`,
  'breakdown by reply': `delays/breakdown?${RANGE}&by=reply`,
  hops: `hops?${RANGE}`,
  'hops, days of Berlin': `hops?${BERLIN}`,
  'summary of one recipient domain': `delays/summary?${RANGE}&recipient_domain=corp9.example`,
  'timeline of one recipient domain': `delays/timeline?${RANGE}&recipient_domain=corp9.example`,
  'summary of one state': `delays/summary?${RANGE}&state=complete`,
};

for (const asked of process.argv.slice(2)) {
  if (asked.startsWith('chdb:')) await ask(asked);
  else await measure(Number(asked));
}

async function measure(count) {
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'hoptime-bench-api-'));
  const url = `chdb:${join(folder, 'store')}`;
  try {
    const made = await make(url, count);
    console.log(`\n${count.toLocaleString('en')} journeys in ${url}; rollups of all built in ${made} ms`);
    await ask(url);
  } finally {
    if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(url) {
  const { server, address } = await serve(url);
  try {
    const begin = Date.now();
    await idle(server.pid);
    console.log(`\n${url}: idle ${((Date.now() - begin) / 1000).toFixed(0)} s after it was opened`);
    console.log('\n| question | median | p95 | CPU | exact |\n|---|---|---|---|---|');
    for (const [name, path] of Object.entries(QUESTIONS))
      console.log(await row(name, `${address}/api/v1/${path}`, server.pid));
  } finally {
    server.kill('SIGTERM');
    await new Promise((done) => server.on('exit', done));
  }
}

async function make(url, count) {
  const store = await Store.open(url);
  const sql = readFileSync(join(ROOT, 'bench/journeys.sql'), 'utf8');
  for (let first = 0; first < count; first += STEP)
    await store.command({ sql }, { first, count: Math.min(STEP, count - first), tracked: 0 });
  const begin = Date.now();
  await rebuildRollups(store);
  const took = Date.now() - begin;
  await store.close();
  return took;
}

function serve(url) {
  const server = spawn(
    process.execPath,
    [join(ROOT, 'dist/apps/cli/main.js'), 'serve', '--port', '0', '--store-url', url],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return new Promise((done, fail) => {
    server.on('exit', () => fail(new Error('the server ended')));
    server.stdout.on('data', (text) => {
      const match = /http:\/\/[\d.]+:\d+/.exec(String(text));
      if (match) done({ server, address: match[0] });
    });
  });
}

async function row(name, address, pid) {
  const times = [];
  const cpuBefore = cpuMs(pid);
  let exact;
  for (let i = 0; i < ROUNDS; i++) {
    const begin = performance.now();
    const answer = await (await globalThis.fetch(address)).json();
    times.push(performance.now() - begin);
    exact = answer.exact;
    if (answer.status) throw new Error(answer.detail);
  }
  times.sort((a, b) => a - b);
  return `| ${name} | ${times[ROUNDS >> 1].toFixed(0)} | ${times[Math.ceil(ROUNDS * 0.95) - 1].toFixed(0)} | ${((cpuMs(pid) - cpuBefore) / ROUNDS).toFixed(0)} | ${exact} |`;
}

/** While the engine merges parts, every answer waits for its share of the machine. */
async function idle(pid) {
  for (let calm = 0, before = cpuMs(pid); calm < IDLE_SECONDS;) {
    await sleep(1000);
    const now = cpuMs(pid);
    calm = now - before < IDLE_CPU_MS ? calm + 1 : 0;
    before = now;
  }
}

/** CPU of a process so far, user and system. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
