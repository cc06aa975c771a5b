// How long from the first byte read to journeys that can be queried, through Apache Kafka, as a ratio to the embedded run of the same log.
//   npm run build && node bench/kafka.mjs LOG [RUNS]
// Kafka: a collector process; and role `all` (writer, correlator, API) in another; broker on the same machine: KAFKA_BROKERS, else one is started.
import swc from '@swc/core';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [log, runsText = '1'] = process.argv.slice(2);
if (!log || !existsSync(log)) {
  console.error(
    'usage: node bench/kafka.mjs LOG [RUNS]   (a Postfix log of at least a million lines; after npm run build)',
  );
  process.exit(2);
}

/** The broker of the tests, which are TypeScript. */
function testSupport(path) {
  const require = createRequire(import.meta.url);
  require.extensions['.ts'] = (module, file) =>
    module._compile(
      swc.transformFileSync(file, {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
      }).code,
      file,
    );
  return require(join(root, path));
}

/** CPU seconds of a process so far, from /proc. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function start(script, args, env) {
  const child = spawn(process.execPath, [join(root, 'dist', 'apps', script, 'main.js'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const state = { child, said: '', cpu: 0 };
  child.stderr.on('data', (bytes) => (state.said += bytes));
  const watch = setInterval(() => {
    try {
      state.cpu = cpuSeconds(child.pid);
    } catch {
      // it has just ended
    }
  }, 100);
  state.ended = new Promise((done) =>
    child.on('exit', (code) => {
      clearInterval(watch);
      done(code);
    }),
  );
  return state;
}

/** Asks now and then: asking costs the process that is measured. */
async function until(what, state) {
  for (;;) {
    const found = await what();
    if (found) return found;
    if (state.child.exitCode !== null) throw new Error(state.said);
    await sleep(200);
  }
}

async function embedded(folder) {
  const begun = performance.now();
  const run = start('cli', ['ingest', log, '--json'], { STORE_URL: `chdb:${join(folder, 'embedded')}` });
  if (await run.ended) throw new Error(run.said);
  return { seconds: (performance.now() - begun) / 1000, cpu: run.cpu };
}

async function throughKafka(folder, brokers, number) {
  const env = {
    BUS_URL: `kafka://${brokers}/?topic-prefix=bench${process.pid}-${number}.`,
    STORE_URL: `chdb:${join(folder, 'kafka')}`,
    HTTP_PORT: '0',
    WORKER_PORT: '0',
    SQL_PORT: '0',
  };
  const all = start('worker', [], { ...env, WORKER_ROLE: 'all', COLLECTOR_FOLDER: join(folder, 'c1') });
  try {
    const api = await until(() => /Hoptime is at ([^\s,]+)[^]*at work/.exec(all.said)?.[1], all);
    const idle = all.cpu;
    const brokerIdle = brokerCpu();
    const begun = performance.now();
    const collector = start('worker', [log], {
      ...env,
      WORKER_ROLE: 'collector',
      COLLECTOR_FOLDER: join(folder, 'c2'),
    });
    let collected;
    void collector.ended.then(() => (collected = (performance.now() - begun) / 1000));
    let written;
    // Metrics cost next to nothing; what they say is held against the books, which are four statements.
    const books = await until(async () => {
      if (collected === undefined) return undefined;
      const told = await metrics(all);
      if (told('hoptime_bus_lag_records', 'topic="trace-events"') !== 0) return undefined;
      written ??= (performance.now() - begun) / 1000;
      if (told('hoptime_figures_behind_seconds') !== 0) return undefined;
      const { totals, inputs } = await (await globalThis.fetch(`${api}/api/v1/inputs`)).json();
      const isDone = ({ state, correlated }) => state === 'read' && correlated;
      return inputs.length > 0 && inputs.every(isDone) ? totals : undefined;
    }, all);
    const seconds = (performance.now() - begun) / 1000;
    await collector.ended;
    return {
      seconds,
      collected,
      written,
      records: books.records,
      cpu: { collector: collector.cpu, all: all.cpu - idle, broker: brokerCpu() - brokerIdle },
      correlations: await correlations(all),
    };
  } finally {
    all.child.kill('SIGTERM');
    await all.ended;
  }
}

/** CPU seconds of the broker so far; NaN where it is not of this program. */
const brokerCpu = () => (broker ? cpuSeconds(broker.pid) : NaN);

/** What a worker measures of itself, as text of Prometheus. */
async function metricsText({ said }) {
  const address = /metrics at (http:\S+)/.exec(said)[1];
  return (await globalThis.fetch(`${address}/metrics`)).text();
}

/** The value of a metric, of the line that holds `label`. */
async function metrics(state) {
  const lines = (await metricsText(state)).split('\n');
  return (name, label = '') => {
    const line = lines.find((one) => /^\w+/.exec(one)?.[0] === name && one.includes(label));
    return line && Number(line.slice(line.lastIndexOf(' ') + 1));
  };
}

/** How often the journeys were brought up to date, by scope. */
async function correlations(state) {
  const text = await metricsText(state);
  return [...text.matchAll(/^hoptime_correlations_total\{scope="(\w+)"\} (\d+)/gm)]
    .map(([, scope, n]) => `${n} ${scope}`)
    .join(', ');
}

const broker = process.env.KAFKA_BROKERS
  ? undefined
  : await testSupport('test/support/kafka-broker.ts').KafkaBroker.start();
const brokers = process.env.KAFKA_BROKERS ?? broker.address;
try {
  for (let number = 0; number < Number(runsText); number++) {
    const folder = mkdtempSync(join(tmpdir(), 'hoptime-bench-'));
    try {
      const alone = await embedded(folder);
      const kafka = await throughKafka(folder, brokers, number);
      const rate = (seconds) => `${Math.round(kafka.records / seconds).toLocaleString('en')} lines/s`;
      console.log(`${log}: ${kafka.records} lines, ${(statSync(log).size / 1e6).toFixed(0)} MB`);
      console.log(
        `embedded      ${alone.seconds.toFixed(1)} s, ${rate(alone.seconds)}, ${alone.cpu.toFixed(1)} s of CPU`,
      );
      console.log(
        `through Kafka ${kafka.seconds.toFixed(1)} s, ${rate(kafka.seconds)}, ${(kafka.seconds / alone.seconds).toFixed(2)} × embedded; ` +
          `CPU collector ${kafka.cpu.collector.toFixed(1)} s, all ${kafka.cpu.all.toFixed(1)} s, broker ${kafka.cpu.broker.toFixed(1)} s; correlations ${kafka.correlations}; ` +
          `collected after ${(kafka.collected ?? NaN).toFixed(1)} s, written after ${kafka.written.toFixed(1)} s`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
} finally {
  await broker?.stop();
}
