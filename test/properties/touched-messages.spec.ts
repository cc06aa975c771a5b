import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Correlator } from '../../libs/ingest/correlator';
import { simulate } from '../../libs/simulate/simulate';
import { StatementRunner } from '../../libs/store/store';
import { answerOf } from '../support/answer';
import { portionsOf } from '../support/fleet-portions';
import { withOwnStore } from '../support/own-store';

/** A correlation of the messages that new events touch gives the same journeys as one of everything (storage.md A4), after each portion of input. */
const root = mkdtempSync(join(tmpdir(), 'hoptime-touched-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const PORTIONS = 6;

it('after each portion of a fleet, by itself and all anew: the same', async () => {
  const fleet = join(root, 'fleet');
  await simulate({ out: fleet, messages: 250, seed: 23, days: 3, fleet: 'mixed' });
  const everything = jest.spyOn(Correlator.prototype, 'correlate');
  await withOwnStore(async ({ store, ingest }) => {
    const ways: string[] = [];
    for (const portion of portionsOf(fleet, root, PORTIONS)) {
      everything.mockClear();
      await ingest.ingest(portion, { timeZone: 'UTC' });
      ways.push(everything.mock.calls.length ? 'everything' : 'touched');
      const found = await answerOf(store);
      // as the first correlation of a store: from nothing
      await new Correlator(store).correlate();
      expect(found).toEqual(await answerOf(store));
    }
    // the first finds a new store, and later ones only MTAs that are known
    expect(ways).toEqual(['everything', 'touched', 'touched', 'touched', 'touched', 'touched']);
  });
  everything.mockRestore();
});

/** Sendmail says in one line whom it refused, and in another, later one, of which sender: each may come alone. */
it('the sender of a refusal by Sendmail comes later: the same, and HES is known to have waited from then on', async () => {
  const line = (time: string, text: string): string =>
    `2026-03-02T${time}+00:00 mx1.corp.example sm-mta[1017]: ${text}`;
  const client = 'inpost01.tmes.trendmicro.eu [18.185.115.11]';
  const taken = (id: string, n: number, from: string, to: string): string[] => [
    line(
      from,
      `${id}: from=<ada@partner.example>, size=2473, class=0, nrcpts=1, msgid=<r${n}@partner.example>, proto=ESMTPS, daemon=MTA-v4, relay=${client}`,
    ),
    line(
      to,
      `${id}: to=<judy@corp.example>, delay=00:00:01, xdelay=00:00:01, mailer=local, pri=32473, dsn=2.0.0, stat=Sent`,
    ),
  ];
  const tracked = (n: number, received: string, delivered: string): string =>
    JSON.stringify({
      genTime: `2026-03-02T${delivered}Z`,
      timestamp: `2026-03-02T${received}Z`,
      deliveryTime: `2026-03-02T${delivered}Z`,
      sender: 'ada@partner.example',
      recipient: 'judy@corp.example',
      direction: 'in',
      messageID: `<r${n}@partner.example>`,
      mailID: `6f1c0000-0000-4000-8000-00000000000${n}`,
      action: 'Delivered',
      deliveredTo: 'mx1.corp.example[192.0.2.11]:25',
    });
  const portions: [name: string, lines: string[]][] = [
    ['mx1-0.log', taken('622900Aa000900', 0, '09:00:00.500000', '09:00:01.500000')],
    ['hes.ndjson', [tracked(1, '10:00:00', '10:05:00')]],
    [
      'mx1-1.log',
      [
        line(
          '10:00:10.250000',
          `622A0AKs001018: ruleset=check_rcpt, arg1=<judy@corp.example>, relay=${client}, reject=450 4.7.1 <judy@corp.example>... Greylisted, wait`,
        ),
      ],
    ],
    [
      'mx1-2.log',
      [
        line(
          '10:00:10.500000',
          `622A0AKs001018: from=<ada@partner.example>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA-v4, relay=${client}`,
        ),
      ],
    ],
    ['mx1-3.log', taken('622A50Kt001019', 1, '10:05:00.250000', '10:05:01.250000')],
  ];
  const everything = jest.spyOn(Correlator.prototype, 'correlate');
  const waited: unknown[] = [];
  await withOwnStore(async ({ store, ingest }) => {
    const ways: boolean[] = [];
    for (const [name, lines] of portions) {
      const path = join(root, name);
      writeFileSync(path, `${lines.join('\n')}\n`);
      everything.mockClear();
      const { files } = await ingest.ingest([path], { timeZone: 'UTC' });
      expect(files.map(({ parsed, rejected }) => [parsed, rejected])).toEqual([[lines.length, 0]]);
      ways.push(everything.mock.calls.length === 0);
      const found = await answerOf(store);
      const sql = "SELECT hes_waiting_ms FROM hoptime.journeys WHERE message_id = 'r1@partner.example'";
      waited.push((await store.rows<{ hes_waiting_ms: number | null }>({ sql })).map((row) => row.hes_waiting_ms));
      await new Correlator(store).correlate();
      expect(found).toEqual(await answerOf(store));
    }
    expect(ways).toEqual([false, true, true, true, true]);
  });
  everything.mockRestore();
  // refused at 10:00:10.25, and let go at 10:05:00 at the latest
  expect(waited).toEqual([[], [0], [0], [289_750], [289_750]]);
});

/** Mail that HES never had: most of it nothing links, and then one statement makes its journeys; a tie of queue ids sends all of a portion the general way. */
it('mail of Postfix alone, one leg or several, and a queue id used twice: the same', async () => {
  const line = (mta: string, time: string, text: string): string =>
    `2026-03-02T${time}+00:00 ${mta}.corp.example postfix/${text}`;
  const taken = (mta: string, at: string, id: string, n: number, client: string): string[] => [
    line(mta, `${at}.100000`, `smtpd[7]: ${id}: client=${client}`),
    line(mta, `${at}.200000`, `cleanup[8]: ${id}: message-id=<p${n}@partner.example>`),
    line(mta, `${at}.300000`, `qmgr[9]: ${id}: from=<ada@partner.example>, size=2000, nrcpt=1 (queue active)`),
  ];
  const sent = (mta: string, at: string, id: string, relay: string, reply: string): string[] => [
    line(
      mta,
      `${at}.400000`,
      `smtp[10]: ${id}: to=<judy@corp.example>, relay=${relay}:25, delay=0.9, delays=0.3/0/0.2/0.4, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as ${reply})`,
    ),
    line(mta, `${at}.500000`, `qmgr[9]: ${id}: removed`),
  ];
  const [outside, mx1] = ['mail.partner.example[192.0.2.7]', 'mx1.corp.example[192.0.2.11]'];
  const away = 'mx.elsewhere.example[198.51.100.9]';
  const portions: [way: 'alone' | 'linked', lines: string[]][] = [
    [
      'linked',
      [...taken('mx1', '09:00:00', 'A1C0DE4F00', 0, outside), ...taken('mx2', '09:10:00', 'B9C0DE4F00', 9, mx1)],
    ],
    [
      'alone',
      [
        ...sent('mx1', '09:00:01', 'A1C0DE4F00', away, 'F1C0DE4F00'),
        ...taken('mx1', '09:00:02', 'A2C0DE4F00', 1, outside),
      ],
    ],
    // the queue id of the first message, used again
    [
      'alone',
      [
        ...taken('mx1', '10:00:00', 'A1C0DE4F00', 2, outside),
        ...sent('mx1', '10:00:01', 'A1C0DE4F00', away, 'F2C0DE4F00'),
      ],
    ],
    // the second message goes on to mx2, which says so later
    ['alone', [...sent('mx1', '10:00:03', 'A2C0DE4F00', 'mx2.corp.example[192.0.2.12]', 'B1C0DE4F00')]],
    [
      'linked',
      [...taken('mx2', '10:00:03', 'B1C0DE4F00', 1, mx1), ...sent('mx2', '10:00:04', 'B1C0DE4F00', away, 'F3C0DE4F00')],
    ],
  ];
  const ways: string[] = [];
  const { command } = StatementRunner.prototype;
  const spy = jest.spyOn(StatementRunner.prototype, 'command').mockImplementation(async function (
    this: StatementRunner,
    statement,
    parameters,
  ) {
    const text = typeof statement === 'string' ? statement : statement.sql;
    if (text.includes('→ journeys of one hop') && text.includes('FROM hoptime_store.stage_legs')) ways.push('alone');
    await command.call(this, statement, parameters);
  });
  try {
    await withOwnStore(async ({ store, ingest }) => {
      for (const [n, [way, lines]] of portions.entries()) {
        const path = join(root, `postfix-${n}.log`);
        writeFileSync(path, `${lines.join('\n')}\n`);
        ways.length = 0;
        const { totals } = await ingest.ingest([path], { timeZone: 'UTC' });
        expect(totals).toMatchObject({ parsed: lines.length, rejected: 0 });
        expect([n, ways]).toEqual([n, way === 'alone' ? ['alone'] : []]);
        const found = await answerOf(store);
        await new Correlator(store).correlate();
        expect(found).toEqual(await answerOf(store));
      }
      const hops = await store.rows<{ id: string; mtas: string }>({
        sql: "SELECT message_id AS id, arrayStringConcat(hops.mta, ' ') AS mtas FROM hoptime_store.journeys ORDER BY id",
      });
      expect(hops.map(({ id, mtas }) => [id.slice(0, 2), mtas])).toEqual([
        ['p0', 'mx1.corp.example'],
        ['p1', 'mx1.corp.example mx2.corp.example'],
        ['p2', 'mx1.corp.example'],
        ['p9', 'mx2.corp.example'],
      ]);
    });
  } finally {
    spy.mockRestore();
  }
});
