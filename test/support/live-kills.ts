import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ServingProcess } from '../e2e/live-serve.fixture';

/**
 * Writes `lines` to a watched log in pieces cut anywhere, and after some of them rotates the log, while the program is killed with SIGKILL
 * and started again after `kills` moments. Answers how often it died while it was at work. At the end it runs, and all files are there.
 */
export async function writeWhileKilled(
  serving: ServingProcess,
  lines: readonly string[],
  kills: number,
  random: () => number,
): Promise<number> {
  const text = lines.join('');
  const log = join(serving.logs, 'mail.log');
  const killAt = Array.from({ length: kills }, () => Math.floor(random() * 40)).sort((a, b) => a - b);
  const steps = 40;
  let deaths = 0;
  let at = 0;
  if (!serving.runs) await serving.start();
  for (let step = 0; step < steps; step++) {
    const to = step === steps - 1 ? text.length : Math.floor(((step + random()) / steps) * text.length);
    if (to > at) appendFileSync(log, text.slice(at, to));
    at = Math.max(at, to);
    // Only a whole line is followed by a rotation: a writer that reopens its file never leaves half a line behind.
    if (step % 13 === 12) at = rotate(log, text, at, step);
    await new Promise((resolve) => setTimeout(resolve, random() * 60));
    while (killAt[0] === step) {
      killAt.shift();
      const starting = serving.start.bind(serving);
      await new Promise((resolve) => setTimeout(resolve, random() * 500));
      if (serving.runs) deaths++;
      await serving.end('SIGKILL');
      // Half of them are killed while they start, too.
      if (random() < 0.5) {
        const started = starting();
        await new Promise((resolve) => setTimeout(resolve, random() * 2500));
        if (serving.runs) deaths++;
        await serving.end('SIGKILL');
        await started;
      }
      await starting();
    }
  }
  return deaths;
}

/** Sends lines to the syslog listener over TCP; resolves when the listener has closed the connection, having taken them all. */
export async function sendSyslog(port: number, lines: readonly string[]): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.resume();
  socket.end(lines.map((line) => `<22>${line}`).join(''));
  await once(socket, 'close');
}

/** Ends the line that is open, then moves the log away in one of three ways; answers where the text stands. */
function rotate(log: string, text: string, at: number, step: number): number {
  const end = text.indexOf('\n', Math.max(0, at - 1)) + 1;
  appendFileSync(log, text.slice(at, end));
  const rotated = `${log}.${step}`;
  if (step % 3 === 0) renameSync(log, rotated);
  else if (step % 3 === 1) {
    copyFileSync(log, rotated);
    truncateSync(log, 0);
  } else {
    writeFileSync(`${rotated}.gz`, gzipSync(readFileSync(log)));
    unlinkSync(log);
  }
  if (!existsSync(log)) writeFileSync(log, '');
  return end;
}
