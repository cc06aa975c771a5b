/**
 * What the gate adds to a query of the SQL endpoint: session, roles, limits, formatter, tree and pipe against the bare session, in turns, on one
 * store and in one run. `node bench/sql-gate.mjs [QUERIES]`, after `npm run build`. Prints medians in ms; exits with 1 over the bar.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { Store } = require('../dist/libs/store/store.js');
const { openSession } = require('../dist/libs/store/engine-session.js');
const { SqlEngine } = require('../dist/libs/sql/sql-engine.js');

const BAR_MS = 8;
const QUERIES = Number(process.argv[2] ?? 300);
const SQL = 'SELECT state, count() AS n FROM hoptime.journeys GROUP BY state ORDER BY n DESC';

const folder = mkdtempSync(join(tmpdir(), 'hoptime-sql-gate-'));
const store = await Store.open(`chdb:${join(folder, 'store')}`);
const engine = new SqlEngine(store, { maxSeconds: 10, maxMemory: 2 ** 31, maxResult: 2 ** 28 });

async function bare() {
  const session = openSession(store.path);
  try {
    return (await session.queryAsync(SQL, { format: 'TSV' })).bytes().length;
  } finally {
    session.close();
  }
}

async function guarded() {
  const { bytes } = await engine.ask({ text: SQL, defaultFormat: 'TSV' }, globalThis.AbortSignal.timeout(60_000));
  let length = 0;
  for await (const chunk of bytes) length += chunk.length;
  return length;
}

const times = { bare: [], guarded: [] };
for (let i = -20; i < QUERIES; i++) {
  for (const [name, ask] of Object.entries({ bare, guarded })) {
    const begin = performance.now();
    await ask();
    if (i >= 0) times[name].push(performance.now() - begin);
  }
}
await engine.close();
await store.close();
rmSync(folder, { recursive: true });

const at = (name, share) => times[name].sort((a, b) => a - b)[Math.floor(times[name].length * share)];
const added = at('guarded', 0.5) - at('bare', 0.5);
for (const name of Object.keys(times))
  console.log(`${name.padEnd(8)} median ${at(name, 0.5).toFixed(1)} ms, p95 ${at(name, 0.95).toFixed(1)} ms`);
console.log(`added at the median: ${added.toFixed(1)} ms (bar ${BAR_MS} ms), ${QUERIES} queries`);
process.exitCode = added <= BAR_MS ? 0 : 1;
