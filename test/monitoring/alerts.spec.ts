import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Workplace } from '../e2e/hoptime.fixture';
import { ServingProcess } from '../e2e/live-serve.fixture';
import { until } from '../support/until';
import { Prometheus, promtool } from './prometheus.fixture';

const FOLDER = resolve(__dirname, '../../docker/prometheus');
const RULES = readFileSync(join(FOLDER, 'hoptime.rules.yml'), 'utf8');
/** So many mails came from HES 40 minutes ago, and mx1 needed 400 s for each. */
const MAILS = 25;
const DWELL_SECONDS = 400;

it('has alerts that fire when they shall, by the tests of rules.test.yml', () => {
  const { status, said } = promtool(['test', 'rules', join(__dirname, 'rules.test.yml')]);
  expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('SUCCESS') as string });
});

it('has a configuration that Prometheus takes', () => {
  const { status, said } = promtool(['check', 'config', join(FOLDER, 'prometheus.yml')]);
  expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('10 rules found') as string });
});

describe('a Prometheus that asks a running server', () => {
  const place = new Workplace();
  const server = new ServingProcess(place);
  let prometheus: Prometheus;
  const begun = Date.now() - 40 * 60_000;

  beforeAll(async () => {
    writeFileSync(join(place.folder, 'mx1.log'), slowMail(begun));
    expect(place.run(['ingest', 'mx1.log']).status).toBe(0);
    await server.start();
    const config = readFileSync(join(FOLDER, 'prometheus.yml'), 'utf8')
      .replace('127.0.0.1:3000', new URL(server.address).host)
      .replaceAll('interval: 30s', 'interval: 1s')
      .replaceAll('hoptime.rules.yml', 'rules.yml');
    prometheus = await Prometheus.start(
      join(place.folder, 'prometheus'),
      config,
      RULES.replace(/for: \d+m/g, 'for: 0s'),
    );
  });
  afterAll(async () => {
    await prometheus.stop();
    await server.end('SIGTERM');
    place.remove();
  });

  it('alerts that the hops after HES are slow, and of nothing else', async () => {
    const firing = async (): Promise<string[]> =>
      (await prometheus.query('ALERTS{alertstate="firing"}')).map(({ metric }) => metric.alertname);
    await until(async () => (await firing()).length > 0);
    expect(await firing()).toEqual(['AfterHesSlow']);
  });

  it('reads what the log says', async () => {
    const value = async (expression: string): Promise<string[]> =>
      (await prometheus.query(expression)).map((sample) => sample.value[1]);
    expect(await value('hoptime_mail_delay_seconds{segment="downstream",quantile="0.95"}')).toEqual([
      String(DWELL_SECONDS),
    ]);
    expect(await value('hoptime_mail_within_ratio{segment="downstream"}')).toEqual(['0', '0', '1']);
    expect(await value('hoptime_mail_known{segment="downstream"}')).toEqual([String(MAILS)]);
    expect(await value('hoptime_mail_journeys')).toEqual([String(MAILS)]);
    expect(await value('hoptime_mail_in_flight')).toEqual(['0']);
    expect(Number((await value('hoptime_mail_newest_at_seconds'))[0])).toBe((begun + MAILS - 1) / 1000);
    // HES's own log is not there, so nothing is said of the time before mx1
    expect(await value('hoptime_mail_delay_seconds{segment="hes_processing"}')).toEqual([]);
  });

  it('finds every value that the rules ask of', async () => {
    const told = await (await fetch(`${server.address}/metrics`)).text();
    const workers = readFileSync(resolve(__dirname, '../../libs/worker/worker-metrics.ts'), 'utf8');
    const names = new Set([...RULES.matchAll(/\bhoptime_\w+/g)].map(([name]) => name));
    expect(names.size).toBeGreaterThan(8);
    expect([...names].filter((name) => !told.includes(`# TYPE ${name} `) && !workers.includes(`'${name}'`))).toEqual(
      [],
    );
  });
});

/** A millisecond apart, so that each has a time of its own. */
function slowMail(first: number): string {
  const line = (at: number, text: string): string => `${new Date(at).toISOString()} mx1 postfix/${text}\n`;
  return Array.from({ length: MAILS }, (_, n) => {
    const id = `7AB12CD${String(n).padStart(3, '0')}`;
    const at = first + n;
    return [
      line(at, `smtpd[7]: ${id}: client=inpost02.tmes.trendmicro.eu[18.185.115.12]`),
      line(at, `cleanup[8]: ${id}: message-id=<slow.${n}@sender.example>`),
      line(at, `qmgr[9]: ${id}: from=<ann@sender.example>, size=2000, nrcpt=1 (queue active)`),
      line(
        at + DWELL_SECONDS * 1000,
        `smtp[10]: ${id}: to=<bob@corp.example>, relay=mbx1.corp.example[192.0.2.7]:25, delay=${DWELL_SECONDS}, delays=0/399/0.5/0.5, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4711ABC)`,
      ),
      line(at + DWELL_SECONDS * 1000, `qmgr[9]: ${id}: removed`),
    ].join('');
  }).join('');
}
