import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { simulate } from '../../libs/simulate/simulate';
import { TestStoreServer } from '../support/store-server/store-server';
import { Workplace } from './hoptime.fixture';

/** The program on a cluster of two shards with rows (test/support/store-server/two-shards.mjs) prints what it prints over its embedded engine (docs/cluster.md). */
const place = new Workplace();
let server: TestStoreServer;
beforeAll(async () => {
  server = await TestStoreServer.start(undefined, 'main');
  onCluster.STORE_URL = server.url('mail_store', { query: '?cluster=main' });
});
afterAll(async () => {
  await server.close();
  place.remove();
});

const onCluster: Record<string, string> = {};
/** What the program prints over the embedded engine, and on the cluster. */
const both = (args: string[], status = 0): [string, string] => {
  const here = place.quick(args);
  const there = place.quick(args, { env: onCluster });
  expect({ args, ...there, stdout: '' }).toEqual({ args, status, stderr: here.stderr, stdout: '' });
  expect(here.status).toBe(status);
  return [here.stdout, there.stdout];
};

it('reads, answers, issues and forgets as the embedded engine does', async () => {
  const fleet = join(place.folder, 'fleet');
  await simulate({ out: fleet, messages: 60, seed: 5, days: 2, fleet: 'mixed' });
  const logs = ['hes', 'postfix', 'sendmail', 'exim', 'exchange', 'microsoft-365', 'mail'];
  const paths = logs.map((name) => join(fleet, name)).filter((path) => existsSync(path));
  const broken = join(place.folder, 'logs');
  mkdirSync(broken);
  const line = (second: string, text: string): string =>
    `2026-03-02T10:20:0${second}+00:00 mx1.corp.example postfix/${text}\n`;
  writeFileSync(
    join(broken, 'b.log'),
    [
      line('0.1', 'smtpd[101]: 4fPZDN0mgNz8x1: client=repre.in.hes.trendmicro.com[192.0.2.7]'),
      line('0.2', 'cleanup[102]: 4fPZDN0mgNz8x1: message-id=<served-1@partner.example>'),
      line('0.3', 'qmgr[103]: 4fPZDN0mgNz8x1: from=<bob@partner.example>, size=4096, nrcpt=1 (queue active)'),
      line(
        '5.3',
        'local[104]: 4fPZDN0mgNz8x1: to=<alice@corp.example>, relay=local, delay=5.2, dsn=2.0.0, status=sent (delivered to mailbox)',
      ),
      line('5.4', 'qmgr[103]: 4fPZDN0mgNz8x1: removed'),
      line('6.0', 'smtp[1]: 4fPZDN0mgNz8xS: to=<al'),
    ].join(''),
  );
  for (const args of [
    ['ingest', ...paths, '--timezone', 'UTC', '--json'],
    ['ingest', broken, '--json'],
  ]) {
    const [here, there] = both(args, args[1] === broken ? 3 : 0);
    expect(JSON.parse(there)).toEqual(JSON.parse(here));
    expect(JSON.parse(there)).toMatchObject({ journeys: { total: expect.any(Number) as number } });
  }
  const [, list] = both(['journeys', '--all', '--format', 'json']);
  const journeys = JSON.parse(list) as { message_id: string }[];
  expect(journeys.length).toBeGreaterThan(60);
  const id = journeys.find(({ message_id }) => message_id)?.message_id ?? '';
  const month = ['--month', '2026-03', '--tz', 'Europe/Berlin'];
  for (const args of [
    ['journeys', '--all', '--format', 'json'],
    ['journeys', '--sort', 'slowest'],
    ['journey', id],
    ['report'],
    ['report', '--format', 'json'],
    ['report', '--format', 'csv'],
    ['report', '--clock', 'corrected', '--format', 'json'],
    ['report', ...month, '--sla', 'trend-hes-2019', '--format', 'json'],
    ['rejected'],
  ]) {
    const [here, there] = both(args).map((text) => text.replace(/generated_at(": "|,)[^"\n]*/, ''));
    expect(there).not.toBe('');
    expect(there).toBe(here);
  }
  expect(id).not.toBe('');
  const issued = place.quick(['report', ...month, '--format', 'json', '--issue', '-o', 'march.json'], {
    env: onCluster,
  });
  expect({ status: issued.status, issued: issued.stderr.includes('march.json') }).toEqual({ status: 0, issued: true });
  const verified = place.quick(['verify', 'march.json', '--json'], { env: onCluster });
  expect(verified.status).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({ equal: true });
  for (const args of [
    ['replay', '--json'],
    ['forget', join(broken, 'b.log'), '--json'],
    ['forget', globSync('hes/**', { cwd: fleet, absolute: true })[0], '--json'],
  ]) {
    const [here, there] = both(args, args[0] === 'replay' ? 3 : 0);
    expect(JSON.parse(there)).toEqual(JSON.parse(here));
  }
  const [here, there] = both(['journeys', '--all', '--format', 'json']);
  expect(there).toBe(here);
  expect(there).not.toBe(list);
});

it.each([['erase', '--address', 'a@corp.example']])('refuses %s there, and says so', (...args) => {
  const { status, stderr } = place.quick(args, { env: onCluster });
  expect(status).toBe(1);
  expect(stderr).toContain('STORE_URL names a cluster, and this command was not tried on one yet');
});

it('refuses a cluster that it was not tried on, each with a reason', () => {
  const url = (query: string, database = 'other_store'): string => server.url(database, { query });
  const said = (store: string): string => place.quick(['journeys', '--all'], { env: { STORE_URL: store } }).stderr;
  expect(said(url('?cluster=nobody'))).toContain('the server knows no cluster nobody');
  expect(said(url('?cluster=elsewhere'))).toContain('the server is none of the cluster elsewhere');
  expect(said(url('?cluster=replicas'))).toContain('shards of the cluster replicas have several replicas');
  expect(said(url('?cluster=main').replace('/other_store', ',127.0.0.1:1/other_store'))).toContain(
    'STORE_URL names one server',
  );
});
