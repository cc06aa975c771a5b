import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Workplace } from '../../e2e/hoptime.fixture';
import { addressesIn } from './program-logs';

/** That the logs of all programs name nobody is said at the end of the tests (teardown.ts); here, that it would be noticed. */
it('finds each line that names somebody, and allows a command to repeat what it was asked', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hoptime-logs-'));
  const write = (name: string, head: object, ...lines: string[]): void =>
    writeFileSync(join(folder, name), `${JSON.stringify(head)}\n${lines.join('\n')}\n`);
  const served = ['read …@corp.example.log', 'read Jane.Doe@corp.example.log', 'at http://user:word@127.0.0.1/x'];
  write('1.log', { serves: true, args: ['serve', 'jane.doe@corp.example'] }, ...served);
  const asked = [
    'nothing of jane.doe@corp.example',
    'nothing of <"j d"+x@corp.example>',
    'two of a=b@mail.corp.example.',
  ];
  write('2.log', { serves: false, args: ['journey', 'Jane.Doe@corp.example'] }, ...asked);
  expect(addressesIn(folder)).toEqual({
    logs: 2,
    lines: [
      'served serve jane.doe@corp.example: read Jane.Doe@corp.example.log',
      'hoptime journey Jane.Doe@corp.example: nothing of <"j d"+x@corp.example>',
      'hoptime journey Jane.Doe@corp.example: two of a=b@mail.corp.example.',
    ],
  });
  rmSync(folder, { recursive: true });
});

it('has the log of every program that a test runs, in a process of its own or among others', () => {
  const place = new Workplace();
  const folder = process.env.PROGRAM_LOGS as string;
  const wanted = ['ingest', `${place.folder}/not-there.log`];
  const runs = [place.run(wanted), place.quick(wanted)];
  const kept = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter(([head]) => head.includes(JSON.stringify(wanted[1])))
    .map(([, ...lines]) => lines.join('\n'));
  expect(kept.sort()).toEqual(runs.map(({ stderr }) => stderr).sort());
  expect(runs[0].stderr).toContain('not-there.log');
  place.remove();
});
