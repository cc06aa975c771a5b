import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const LOWEST = 10_000;
/** jest runs so many files of tests at a time, at most: each looks among ports of its own. */
const LANES = 8;
const given = new Set<number>();

/**
 * A port of this machine that nothing listens at now, and that nobody else is given: not one of those that the system hands out to whoever connects,
 * since such a port may be taken in the moment between this and its use.
 */
export async function freePort(): Promise<number> {
  const [first] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split('\t').map(Number);
  const rows = Math.floor((Math.max(first, 2 * LOWEST) - LOWEST) / LANES);
  for (;;) {
    const port = LOWEST + LANES * randomInt(rows) + (Number(process.env.JEST_WORKER_ID ?? 0) % LANES);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '0.0.0.0');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
