import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Refusal } from '../../libs/diagnose/doctor/diagnosis';
import { HesClientsService } from '../../libs/diagnose/doctor/hes-clients.service';
import type { FileReport } from '../../libs/ingest/ingest-report';
import { IngestService } from '../../libs/ingest/ingest.service';
import { openTemporaryStore, type TemporaryStore } from '../../libs/store/temporary-store.fixture';
import { MailWorld, type Truth } from './mail-world.fixture';
import { ADDRESSES, dovecot, exim, nameOf, postfix, rsyslog, sendmail, type HostName } from './servers.fixture';

/**
 * What Hoptime says of mail that real servers handled, beside the clocks of those who sent and took it. A stamp is a floor, so each end of a
 * duration adds its resolution to what the two may differ by, and a busy machine adds the time between an act and its log line: 50 ms, and where it
 * let the test's own actors run late just then, so much for each process that stands between.
 */
const SECOND = 1000;
const SCHEDULING_MS = 50;
const PROCESSES = 4;

interface Mail {
  readonly route: string;
  readonly to: HostName;
  readonly recipient: string;
  readonly messageId: string;
  /** what HES's export says of a refused first attempt */
  readonly tellsAttempt: boolean;
}

const mails: Mail[] = [];
function plan(route: string, to: HostName, domain: string, count: number, messageId?: string): void {
  for (let n = 1; n <= count; n++) {
    const recipient = `${route}${n}@${domain}`;
    mails.push({
      route,
      to,
      recipient,
      messageId: messageId ?? `${route}.${n}@partner.example`,
      tellsAttempt: n % 2 === 1,
    });
  }
}
plan('plain', 'mx1', 'corp.example', 6);
plan('pair', 'mx1', 'corp.example', 2, 'pair@partner.example');
plan('grey', 'mx1', 'corp.example', 4);
plan('take', 'mx1', 'taker.example', 4);
plan('dawdle', 'mx1', 'dawdler.example', 3);
plan('defer', 'mx1', 'deferrer.example', 3);
plan('refuse', 'mx1', 'refuser.example', 2);
plan('limit', 'mx3', 'limit.example', 4);
plan('branch', 'mx2', 'branch.example', 6);
plan('eximtake', 'exim1', 'taker.exim.example', 4);
plan('eximdefer', 'exim1', 'deferrer.exim.example', 2);
plan('eximdawdle', 'exim1', 'dawdler.exim.example', 2);
plan('sendmail', 'send1', 'sendmail.example', 5);

interface JourneyRow {
  recipient: string;
  state: string;
  via_hes: string;
  hes_ms: number | null;
  hes_waiting_ms: number | null;
  downstream_ms: number | null;
  total_ms: number | null;
  deferrals: number;
  hops: { mta: string; received_ms: number; relayed_ms: number; dwell_ms: number }[];
}

const world = new MailWorld();
let place: TemporaryStore | undefined;
const reports: FileReport[] = [];
const journeys = new Map<string, JourneyRow>();
let refusals: Refusal[] = [];
let others: { via_hes: string; sender: string | null }[] = [];

const sent = (mail: Mail): Required<Truth> =>
  world.truths.find(({ what, recipient }) => what === 'sent' && recipient === mail.recipient) as Required<Truth>;
const takenAt = (mail: Mail): number | undefined =>
  world.truths.find(({ what, recipient }) => what === 'accepted' && recipient === mail.recipient)?.at;

/** When the mailbox got its file. */
function savedAt({ recipient }: Mail): number | undefined {
  const [name, domain] = recipient.split('@');
  const folder = join(world.out, 'mail', domain, name, 'new');
  const [file] = existsSync(folder) ? readdirSync(folder) : [];
  return file === undefined ? undefined : statSync(join(folder, file)).mtimeMs;
}
const isOver = (mail: Mail): boolean =>
  sent(mail) !== undefined && (mail.route === 'refuse' || takenAt(mail) !== undefined || savedAt(mail) !== undefined);

beforeAll(async () => {
  await world.open();
  world.start(rsyslog());
  await world.until(() => existsSync(join(world.out, 'dev', 'mx1', 'log')), 60_000, 'rsyslog');
  const onward = (...hosts: HostName[]): Record<string, string> =>
    Object.fromEntries(hosts.map((host) => [`${host}.example`, `smtp:[${nameOf(host)}]`]));
  const policy = `check_policy_service inet:${ADDRESSES.policy}:10040`;
  world.start(
    postfix(
      'mx1',
      {
        'corp.example': `smtp:[${nameOf('mbx1')}]`,
        'partner.example': `smtp:[${nameOf('taker')}]`,
        ...onward('taker', 'dawdler', 'deferrer', 'refuser'),
      },
      [`smtpd_recipient_restrictions = ${policy}`],
    ),
  );
  const lmtp = `lmtp:inet:${nameOf('store1')}:24`;
  world.start(postfix('mbx1', { 'corp.example': lmtp }, ['enable_long_queue_ids = yes']));
  world.start(postfix('mx2', { 'branch.example': lmtp }, ['enable_long_queue_ids = yes']));
  // Two connections in two seconds, as anvil(8) counts them: HES has to come again.
  const limits = ['smtpd_client_connection_rate_limit = 2', 'anvil_rate_time_unit = 2s'];
  world.start(postfix('mx3', { 'limit.example': `smtp:[${nameOf('taker')}]` }, limits));
  world.start(dovecot('store1'));
  world.start(exim('exim1'));
  world.start(sendmail('send1', 'taker'));
  const sink = (host: HostName, behaviour: string): object => ({
    address: ADDRESSES[host],
    name: nameOf(host),
    behaviour,
  });
  await world.act(
    [sink('taker', 'take'), sink('dawdler', 'dawdle'), sink('deferrer', 'defer'), sink('refuser', 'refuse')],
    { address: ADDRESSES.policy, port: 10040 },
  );
  const servers = (['mx1', 'mx2', 'mx3', 'mbx1', 'exim1', 'send1'] as const).map(
    (host) => [ADDRESSES[host], 25] as const,
  );
  await world.listens([...servers, [ADDRESSES.store1, 24]], 120_000);

  for (const { route, to, recipient, messageId } of mails) {
    const from = { from: ADDRESSES.hes, name: nameOf('hes'), sender: 'sender@partner.example' };
    world.send({ ...from, host: ADDRESSES[to], recipient, messageId, workMs: 300, retryMs: 2500 });
    // Those that come too often come at once.
    if (route !== 'limit') await new Promise((next) => setTimeout(next, 70));
  }
  await world.until(() => mails.every(isOver), 120_000, 'all mail');
  const bounced = (): number => world.log('mx1.log').split('sender non-delivery notification').length - 1;
  const closed = (): boolean => /eximdefer2@deferrer[^\n]*\n(.*\n)*?.*Completed/.test(world.log('exim-mainlog'));
  await world.until(() => bounced() === 2 && closed(), 90_000, 'bounces and the last lines of logs');
  await new Promise((next) => setTimeout(next, 500));
  await world.close();
  await read();
}, 600_000);

afterAll(async () => {
  await world.close();
  await place?.close();
  world.remove();
});

/** HES's export: full seconds, one record per state (formats.md §1.1). */
function exported(): object {
  const at = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const logs = mails.flatMap((mail, n) => {
    const { attempts, receivedAt } = sent(mail);
    const told = mail.tellsAttempt || mail.route === 'limit' ? attempts : attempts.slice(-1);
    return told.map((attempt) => ({
      genTime: at(attempt.at),
      timestamp: at(receivedAt),
      deliveryTime: at(attempt.at),
      sender: 'sender@partner.example',
      recipient: mail.recipient,
      direction: 'in',
      messageID: `<${mail.messageId}>`,
      mailID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      action: attempt.ok ? 'Delivered' : 'Temporary delivery error',
      deliveredTo: `${nameOf(mail.to)}[${ADDRESSES[mail.to]}]:25`,
      details: attempt.reply,
    }));
  });
  return { nextToken: '', logs };
}

async function read(): Promise<void> {
  const hes = join(world.out, 'logs', 'hes.json');
  writeFileSync(hes, JSON.stringify(exported()));
  place = await openTemporaryStore();
  const ingest = new IngestService(place.store);
  const log = (name: string): string => join(world.out, 'logs', name);
  // rsyslog ran in New York: classic stamps do not say so, the others carry their offset.
  for (const [files, options] of [
    [[hes, log('mbx1.log'), log('mx2.log')], {}],
    [[log('mx1.log'), log('mx3.log'), log('send1.log')], { timeZone: 'America/New_York' }],
    [[log('exim-mainlog')], { mta: nameOf('exim1'), timeZone: 'UTC' }],
  ] as const) {
    reports.push(...(await ingest.ingest([...files], options)).files);
  }
  const rows = await place.store.rows<JourneyRow & { sender: string | null }>({
    sql: `SELECT j.*, h.hops AS hops FROM hoptime.journeys AS j LEFT JOIN (
        SELECT journey_id, arrayMap(h -> map('received_ms', h.3, 'relayed_ms', h.4, 'dwell_ms', h.5), arraySort(groupArray((position, mta,
          toUnixTimestamp64Milli(received_at), toUnixTimestamp64Milli(relayed_at), dwell_ms)))) AS hops
        FROM hoptime.hops WHERE segment = 'downstream' GROUP BY journey_id) AS h USING (journey_id)`,
  });
  for (const row of rows)
    if (mails.some(({ recipient }) => recipient === row.recipient)) journeys.set(row.recipient, row);
  const clients = new HesClientsService(place.store, []);
  refusals = await clients.refusals(await clients.clients());
  others = rows.filter((row) => !mails.some(({ recipient }) => recipient === row.recipient));
}

const of = (...routes: string[]): Mail[] => mails.filter(({ route }) => routes.includes(route));
const journey = ({ recipient }: Mail): JourneyRow => journeys.get(recipient) as JourneyRow;
/** What a busy machine may add to what is said of a mail: nothing where it let everybody run in time. */
const heldUp = (mail: Mail): number =>
  PROCESSES * world.heldUpMs(sent(mail).receivedAt, takenAt(mail) ?? savedAt(mail) ?? last(mail));
/** Of what is beyond its bound, who and by how much: an empty list is a pass. */
function beyond(list: readonly Mail[], bound: number, difference: (mail: Mail) => number): [string, number][] {
  expect(list.length).toBeGreaterThan(0);
  return list
    .map((mail): [string, number] => [mail.recipient, difference(mail)])
    .filter(([, ms], i) => !(Math.abs(ms) <= bound + heldUp(list[i])));
}
const waited = (mail: Mail): number => last(mail) - sent(mail).attempts[0].at;
const last = (mail: Mail): number => sent(mail).attempts[sent(mail).attempts.length - 1].at;
const reached = mails.filter(({ route }) => route !== 'refuse');

describe('real mail servers', () => {
  it('understands every line that they wrote', () => {
    const byName = Object.fromEntries(
      reports.map(({ path, format, rejected, problem, warnings }) => [
        path.split('/').pop(),
        { format, rejected, problem, warnings },
      ]),
    );
    const clean = (format: string): object => ({ format, rejected: 0, problem: undefined, warnings: [] });
    expect(byName).toEqual({
      'hes.json': clean('trend-email-security'),
      'mx1.log': clean('postfix'),
      'mx2.log': clean('postfix'),
      'mx3.log': clean('postfix'),
      'mbx1.log': clean('postfix'),
      'exim-mainlog': clean('exim'),
      'send1.log': clean('sendmail'),
    });
  });

  it('makes one journey of each mail, and of nothing else but the two notifications', () => {
    expect([...journeys.keys()].sort()).toEqual(mails.map(({ recipient }) => recipient).sort());
    expect(mails.filter((mail) => journey(mail).via_hes !== 'yes')).toEqual([]);
    expect(others.map(({ sender }) => sender)).toEqual(['<>', '<>']);
  });

  it('knows how each ended', () => {
    const states = (list: readonly Mail[]): string[] => [...new Set(list.map((mail) => journey(mail).state))];
    expect(states(of('plain', 'pair', 'grey', 'branch'))).toEqual(['complete']);
    expect(states(of('limit', 'take', 'dawdle', 'defer', 'eximtake', 'eximdefer', 'eximdawdle', 'sendmail'))).toEqual([
      'relayed',
    ]);
    expect(states(of('refuse'))).toEqual(['bounced']);
  });

  it('says how long HES held it, and how long of that it waited', () => {
    expect(
      beyond(reached, SECOND, (mail) => (journey(mail).hes_ms ?? NaN) - (last(mail) - sent(mail).receivedAt)),
    ).toEqual([]);
    expect(of('grey').map((mail) => sent(mail).attempts.length)).toEqual([2, 2, 2, 2]);
    // Two of the four refusals are told by mx1's log only.
    const lines = SECOND + SCHEDULING_MS;
    expect(beyond(of('grey', 'limit'), lines, (mail) => (journey(mail).hes_waiting_ms ?? NaN) - waited(mail))).toEqual(
      [],
    );
    expect(
      reached.filter((mail) => !['grey', 'limit'].includes(mail.route) && journey(mail).hes_waiting_ms !== 0),
    ).toEqual([]);
  });

  it('says how long a hop kept it: from its reply to HES to the reply of the next', () => {
    const kept = (mail: Mail): number => (takenAt(mail) ?? NaN) - last(mail);
    const difference = (mail: Mail): number => journey(mail).hops[0].dwell_ms - kept(mail);
    // Classic stamps and those of Exim and Sendmail are full seconds.
    const routes = ['limit', 'take', 'dawdle', 'defer', 'eximtake', 'eximdefer', 'eximdawdle', 'sendmail'];
    expect(beyond(of(...routes), SECOND + SCHEDULING_MS, difference)).toEqual([]);
    expect(of('dawdle', 'eximdawdle').filter((mail) => kept(mail) < 1500 - heldUp(mail))).toEqual([]);
    expect(of(...routes).filter((mail) => journey(mail).hops.length !== 1)).toEqual([]);
  });

  it('dates the stamps of ISO and RFC 5424 logs to the moment', () => {
    const branch = of('branch');
    expect(beyond(branch, SCHEDULING_MS, (mail) => journey(mail).hops[0].received_ms - last(mail))).toEqual([]);
    expect(beyond(branch, SCHEDULING_MS, (mail) => journey(mail).hops[0].relayed_ms - (savedAt(mail) ?? NaN))).toEqual(
      [],
    );
    const dwell = (mail: Mail): number => journey(mail).hops[0].dwell_ms - ((savedAt(mail) ?? NaN) - last(mail));
    expect(beyond(branch, SCHEDULING_MS, dwell)).toEqual([]);
  });

  it('adds up to the mailbox', () => {
    const list = of('plain', 'pair', 'grey', 'branch');
    expect(of('plain', 'pair', 'grey').filter((mail) => journey(mail).hops.length !== 2)).toEqual([]);
    const saved = (mail: Mail): number => savedAt(mail) ?? NaN;
    const bound = SECOND + SCHEDULING_MS;
    expect(beyond(list, bound, (mail) => (journey(mail).downstream_ms ?? NaN) - (saved(mail) - last(mail)))).toEqual(
      [],
    );
    expect(
      beyond(list, bound, (mail) => (journey(mail).total_ms ?? NaN) - (saved(mail) - sent(mail).receivedAt)),
    ).toEqual([]);
  });

  it('counts the attempts that the next MTA put off', () => {
    const deferred = ({ recipient }: Mail): number =>
      world.truths.filter((truth) => truth.what === 'deferred' && truth.recipient === recipient).length;
    expect(of('defer', 'eximdefer').map(deferred)).toEqual([1, 1, 1, 1, 1]);
    expect(reached.filter((mail) => journey(mail).deferrals !== deferred(mail))).toEqual([]);
  });

  it('counts for doctor how often HES was greylisted and rate-limited, and what that cost', () => {
    const failed = (list: readonly Mail[]): number =>
      list.reduce((sum, mail) => sum + sent(mail).attempts.length - 1, 0);
    expect(failed(of('grey'))).toBe(4);
    expect(failed(of('limit'))).toBeGreaterThanOrEqual(2);
    const told = refusals.filter(({ told_by }) => told_by === 'mta');
    expect(told.map(({ mta, kind, refusals: count, addresses }) => ({ mta, kind, count, addresses }))).toEqual([
      { mta: 'mx1', kind: 'greylisted', count: 4, addresses: [ADDRESSES.hes] },
      { mta: 'mx3', kind: 'rate_limited', count: failed(of('limit')), addresses: [ADDRESSES.hes] },
    ]);
    // mx3's log names no recipient, so only HES's own records tell which mail that held.
    expect(told.map(({ journeys: held }) => held)).toEqual([4, 0]);
    const all = of('grey').reduce((sum, mail) => sum + waited(mail), 0);
    expect(Math.abs(told[0].waiting_ms - all)).toBeLessThanOrEqual(
      of('grey').reduce((sum, mail) => sum + SECOND + SCHEDULING_MS + heldUp(mail), 0),
    );
    const limited = refusals.filter(({ told_by, kind }) => told_by === 'hes' && kind === 'rate_limited');
    expect(limited.map(({ mta, refusals: count }) => [mta, count])).toEqual([[nameOf('mx3'), failed(of('limit'))]]);
  });
});
