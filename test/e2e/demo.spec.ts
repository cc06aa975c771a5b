import { createServer, type AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CLI, Workplace } from './hoptime.fixture';

/** The first thing a newcomer runs: the report, and a dashboard of the same figures, whatever else uses the port. */
const place = new Workplace();
afterAll(() => place.remove());

const README = readFileSync(resolve(__dirname, '../../README.md'), 'utf8');

/** The lines of a text, whatever the widths of its columns. */
const squeezed = (text: string): string[] =>
  text.split('\n').map((line) => line.replace(/ +|─+/g, (run) => run[0]).trim());

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
    // What the README shows of the demo is what it says: paths are shortened there, and with them the rules of a table.
    const [, mail] = /^message {2}(\S+)$/m.exec(README) ?? [];
    const account = place.run(['journey', mail, '--store-url', `chdb:${join(place.folder, 'demo', 'store')}`]).stdout;
    const lines = squeezed((output + account).replaceAll(join(place.folder, 'demo', 'fleet'), '…'));
    const shown = [...README.matchAll(/```\n((?:How long|message {2})[^]*?)```/g)].flatMap(([, text]) =>
      squeezed(text),
    );
    expect(shown.length).toBeGreaterThan(60);
    expect(shown.filter((line) => line !== '…' && !lines.includes(line))).toEqual([]);
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
