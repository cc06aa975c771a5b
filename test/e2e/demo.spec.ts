import { createServer, type AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CLI, Workplace } from './hoptime.fixture';

/** The first thing a newcomer runs: the report, and a dashboard of the same figures, whatever else uses the port. */
const place = new Workplace();
afterAll(() => place.remove());

interface Summary {
  coverage: { journeys: number };
}

it('ends with the dashboard, on another port where the usual one is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => taken.once('listening', done));
  const { port } = taken.address() as AddressInfo;
  const demo = spawn(process.execPath, [CLI, 'demo', '--out', join(place.folder, 'demo')], {
    cwd: place.folder,
    env: place.env({ HTTP_PORT: String(port) }),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    let output = '';
    const address = await new Promise<string>((found, failed) => {
      demo.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const line = /Hoptime is at (http:\S+)/.exec(output);
        if (line) found(line[1]);
      });
      demo.once('exit', (code) => failed(new Error(`ended with ${code}: ${output}`)));
    });
    expect(address).not.toContain(`:${port}`);
    const said = Number(/^([\d,]+) journeys/m.exec(output)?.[1].replaceAll(',', ''));
    expect(said).toBe(23_325);
    const range = 'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z';
    const answer = (await (await fetch(`${address}/api/v1/delays/summary?${range}`)).json()) as Summary;
    expect(answer.coverage.journeys).toBe(said);
    const page = await (await fetch(address)).text();
    expect(page).toContain('<title>Hoptime');
  } finally {
    demo.removeAllListeners('exit');
    const ended = new Promise<number | null>((done) => demo.once('exit', done));
    demo.kill('SIGINT');
    expect(await ended).toBe(0);
    taken.close();
  }
});

it('a port that the user chose and another program has is named, with what to do', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => taken.once('listening', done));
  const { port } = taken.address() as AddressInfo;
  const serve = spawn(process.execPath, [CLI, 'serve', '--port', String(port)], {
    cwd: place.folder,
    env: place.env(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  serve.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  expect(await new Promise((done) => serve.once('close', done))).toBe(1);
  expect(said).toBe(`hoptime: port ${port} of 127.0.0.1 is in use: choose another with --port, 0 for any free one\n`);
  taken.close();
});
