// How long from `hoptime ingest` to journeys that can be queried, as ratios to a floor and to a peer measured in the same run.
//   npm run bench -- /path/to/mail.log [runs]
// Floor: chDB reading the same lines and doing nothing. Peer: pflogsumm (Debian), when it is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join(root, 'dist', 'apps', 'cli', 'main.js');
const [log, runsText = '3'] = process.argv.slice(2);
if (!log || !existsSync(log)) {
  console.error('usage: npm run bench -- LOG [RUNS]   (a Postfix log; a large one: at least a million lines)');
  process.exit(2);
}
const runs = Number(runsText);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

/** Runs a command; answers wall seconds, the peak of its memory in MiB, and what it printed. */
function timed(command, args, env = {}) {
  return new Promise((done, failed) => {
    const started = process.hrtime.bigint();
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    let peak = 0;
    const watch = setInterval(() => {
      try {
        peak = Math.max(
          peak,
          Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0),
        );
      } catch {
        // the process has just ended
      }
    }, 50);
    child.stdout.on('data', (chunk) => (output += chunk));
    child.on('error', failed);
    child.on('close', (code) => {
      clearInterval(watch);
      if (code !== 0 && code !== 3) return failed(new Error(`${command} ended with ${code}`));
      done({ seconds: Number(process.hrtime.bigint() - started) / 1e9, mebibytes: peak / 1024, output });
    });
  });
}

const lines = Number(spawnSync('wc', ['-l', log], { encoding: 'utf8' }).stdout.trim().split(' ')[0]);
const folder = mkdtempSync(join(tmpdir(), 'hoptime-bench-'));
const scans = [];
const ingests = [];
const peers = [];
let memory = 0;
let journeys = {};
try {
  for (let run = 0; run < runs; run++) {
    const scan = await timed(process.execPath, [join(root, 'bench', 'scan.cjs'), log]);
    scans.push(Number(scan.output));
    const ingest = await timed(process.execPath, [cli, 'ingest', log, '--json'], {
      STORE_URL: `chdb:${join(folder, `store-${run}`)}`,
    });
    ingests.push(ingest.seconds);
    memory = Math.max(memory, ingest.mebibytes);
    journeys = JSON.parse(ingest.output).journeys;
    rmSync(join(folder, `store-${run}`), { recursive: true, force: true });
  }
  if (spawnSync('which', ['pflogsumm']).status === 0) peers.push((await timed('pflogsumm', [log])).seconds);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const floor = median(scans);
const ours = median(ingests);
const row = (name, seconds) =>
  console.log(
    `${name.padEnd(34)} ${seconds.toFixed(2).padStart(8)} s ${(lines / seconds / 1e6).toFixed(2).padStart(7)} M lines/s ${(seconds / floor).toFixed(1).padStart(7)} × floor`,
  );
console.log(`${log}: ${lines} lines, ${(statSync(log).size / 1e6).toFixed(0)} MB; median of ${runs}`);
row('floor: chDB reads the lines', floor);
row('hoptime ingest, to journeys', ours);
if (peers.length) row('peer: pflogsumm, one run', peers[0]);
else console.log('peer: pflogsumm is not installed (apt-get install pflogsumm)');
console.log(
  `runs: floor ${scans.map((s) => s.toFixed(2)).join(' ')}; hoptime ${ingests.map((s) => s.toFixed(2)).join(' ')}`,
);
console.log(`peak memory of hoptime: ${memory.toFixed(0)} MiB; journeys: ${JSON.stringify(journeys)}`);
