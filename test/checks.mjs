import { spawn } from 'node:child_process';

/** Style, types and the build, in two lanes side by side: each takes as long as the other, and neither needs what the other makes. */
const LANES = [['lint:code'], ['typecheck', 'build', 'lint:format']];

/** Runs a script of package.json; its output is shown as a whole. Answers whether it went well. */
function run(script) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes));
    child.on('close', (code) => {
      process.stdout.write(`${code === 0 ? 'ok' : 'FAILED'}  npm run ${script}\n${said}`);
      resolve(code === 0);
    });
  });
}

const results = await Promise.all(
  LANES.map(async (scripts) => {
    for (const script of scripts) if (!(await run(script))) return false;
    return true;
  }),
);
process.exitCode = results.every(Boolean) ? 0 : 1;
