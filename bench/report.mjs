/**
 * How long the report of a month takes: `npm run build && node bench/report.mjs 10000000`. Makes a scratch store of so many made-up journeys of one month, with
 * the events they rest on (some 0.6 KB of disk each, in BENCH_DIR, else the temporary folder), and reports that month with all clauses that come along: each
 * format, issued, and with corrected clocks. Each report is a process of its own, start included. Prints a table: clock and CPU seconds, peak memory, and the
 * ratio of the CPU to a floor, chDB's own pass over the columns that reports rest on. Names of reports after the number measure only these ("html, issued").
 * BENCH_STORE is a store that stays: made where it is not there, else taken as it is.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

process.env.TZ = 'UTC';
const require = createRequire(import.meta.url);
const ROOT = join(import.meta.dirname, '..');
const CLI = join(ROOT, 'dist/apps/cli/main.js');
const TIME = '/usr/bin/time';
const STEP = 250_000;
const DAYS = 31;
const SLA = ['trend-hes-2019', 'trend-hes-before-2019', 'one-minute'].flatMap((name) => ['--sla', name]);
const REPORTS = {
  json: ['--format', 'json'],
  html: ['--format', 'html'],
  pdf: ['--format', 'pdf'],
  'html, issued': ['--format', 'html', '--issue'],
  'json, corrected clocks': ['--format', 'json', '--clock', 'corrected'],
  'html, corrected clocks, issued': ['--format', 'html', '--issue', '--clock', 'corrected'],
};
const FLOOR = `SELECT sum(hes_ms), sum(hes_processing_ms), sum(hes_waiting_ms), sum(downstream_ms), sum(total_ms), max(cityHash64(message_key, recipient)),
  sum(arraySum(hops.dwell_ms)), sum(arraySum(hops.received_ms)), sum(arraySum(hops.relayed_ms)), sum(length(hops.mta)), sum(arraySum(hops.leg_id))
  FROM hoptime_store.journeys`;

const [countText = '', ...only] = process.argv.slice(2);
const count = Number(countText);
if (!Number.isInteger(count) || count < 1)
  fail('usage: node bench/report.mjs JOURNEYS [REPORT, such as "html, issued"]...');
if (!existsSync(TIME)) fail(`${TIME} is needed: apt-get install time`);
for (const name of only) if (!REPORTS[name]) fail(`${name}: choose of ${Object.keys(REPORTS).join(' | ')}`);

const { BENCH_STORE, BENCH_DIR = tmpdir() } = process.env;
const folder = mkdtempSync(join(BENCH_DIR, 'hoptime-bench-report-'));
const store = BENCH_STORE ?? join(folder, 'store');
try {
  if (!existsSync(store)) await made();
  const floor = Math.min(await scanned(), await scanned(), await scanned());
  console.log(
    `\n${count.toLocaleString('en')} journeys; floor ${floor.toFixed(2)} s of CPU; load at the beginning ${loadavg()[0].toFixed(1)}\n`,
  );
  console.log('| report | s by the clock | CPU s | × floor | peak MiB |\n|---|---|---|---|---|');
  for (const [name, options] of Object.entries(REPORTS))
    if (only.length === 0 || only.includes(name)) console.log(row(name, reported(options), floor));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}

/** Fills a new store, two statements side by side. */
async function made() {
  const { Store } = require(join(ROOT, 'dist/libs/store/store.js'));
  const journeys = readFileSync(join(ROOT, 'bench/journeys.sql'), 'utf8');
  const events = readFileSync(join(ROOT, 'bench/events.sql'), 'utf8');
  const begin = Date.now();
  const made = await Store.open(`chdb:${store}`);
  const steps = Array.from({ length: Math.ceil(count / STEP) }, (_, i) => i * STEP);
  const numbers = (first) => ({ first, count: Math.min(STEP, count - first), tracked: 1 });
  await made.inParallel(steps, (first, lane) => lane.command({ sql: withValues(journeys, numbers(first)) }));
  const day = (n) => `'${new Date(Date.parse('2026-03-01') + n * 86_400_000).toISOString().slice(0, 10)} 00:00:00.000'`;
  const days = Array.from({ length: DAYS }, (_, n) => ({ from: day(n), to: day(n + 1) }));
  await made.inParallel(days, (range, lane) => lane.command({ sql: withValues(events, range) }));
  // What was not read from files is in line already.
  await made.command({ sql: 'TRUNCATE TABLE hoptime_store.touched_groups' });
  const inputs = [2, 3, 4].map((input_id) => ({
    input_id,
    version: 1,
    path: `made-up-${input_id}.log`,
    state: 'read',
    correlated: 1,
  }));
  await made.client.insert({ table: 'hoptime_store.inputs', values: inputs, format: 'JSONEachRow' });
  await made.close();
  console.log(`made in ${((Date.now() - begin) / 1000).toFixed(0)} s`);
}

/** Statements that run side by side carry no parameters. */
function withValues(sql, values) {
  return sql.replace(/\{(\w+):[^}]*\}/g, (_, name) => values[name]);
}

/** CPU seconds of the floor, in a process of its own. */
function scanned() {
  const script = `process.env.TZ = 'UTC';
    const { Store } = require(${JSON.stringify(join(ROOT, 'dist/libs/store/store.js'))});
    Store.open(${JSON.stringify(`chdb:${store}`)}).then(async (store) => {
      const { user, system } = process.cpuUsage();
      await store.rows({ sql: ${JSON.stringify(FLOOR)} });
      const used = process.cpuUsage({ user, system });
      console.log((used.user + used.system) / 1e6);
      await store.close();
    });`;
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (bytes) => (output += bytes));
    child.on('close', (code) =>
      code === 0 ? done(Number(output)) : failed(new Error(`the floor ended with ${code}`)),
    );
  });
}

function reported(options) {
  const output = join(folder, 'report');
  const args = [CLI, 'report', '--store-url', `chdb:${store}`, '--month', '2026-03', ...SLA, ...options, '-o', output];
  // %M is of the process that had most: Node, with the engine in it
  const { status, stderr } = spawnSync(TIME, ['-f', '\n%e %U %S %M', process.execPath, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`hoptime ${args.slice(1).join(' ')} ended with ${status}: ${stderr}`);
  const [clock, user, system, kibibytes] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return { clock, cpu: user + system, mebibytes: kibibytes / 1024 };
}

function row(name, { clock, cpu, mebibytes }, floor) {
  return `| ${name} | ${clock.toFixed(1)} | ${cpu.toFixed(1)} | ${(cpu / floor).toFixed(0)} | ${mebibytes.toFixed(0)} |`;
}
