import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Correlator } from '../../libs/ingest/correlator';
import { IngestService } from '../../libs/ingest/ingest.service';
import { simulate } from '../../libs/simulate/simulate';
import { rebuildRollups, rollupState } from '../../libs/store/rollup';
import type { Store } from '../../libs/store/store';
import { portionsOf } from '../support/fleet-portions';
import { withOwnStore } from '../support/own-store';
import {
  added,
  addedUp,
  byHand,
  byRollup,
  counted,
  LATEST,
  rolled,
  sorted,
  totals,
  totalsByHand,
} from '../support/rollup-figures';

/** Rollups that are kept in line with touched messages say what the journeys say, added up here by another program, after each portion of input. */
const root = mkdtempSync(join(tmpdir(), 'hoptime-rollups-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const OPTIONS = { verdictThresholdMs: 60_000, hesNetworks: [], rollup: true, rollupFrom: 0 };
const rowCount = async (store: Store): Promise<number> => {
  const [{ n }] = await store.rows<{ n: number }>({
    sql: 'SELECT count() AS n FROM hoptime_store.property_histograms',
  });
  return Number(n);
};

/** Runs work whose first statement of this kind fails. */
async function cutOff(store: Store, beginning: string, work: () => Promise<unknown>): Promise<void> {
  const { client } = store;
  const send = client.command.bind(client);
  let times = 0;
  const spy = jest.spyOn(client, 'command').mockImplementation((asked) => {
    if (!asked.query.includes(beginning)) return send(asked);
    times++;
    return Promise.reject(new Error('cut off'));
  });
  await expect(work()).rejects.toThrow('cut off');
  spy.mockRestore();
  expect(times).toBe(1);
}

it('after each portion of a fleet: hours and days as the journeys, and only the hours that changed are built anew', async () => {
  const fleet = join(root, 'fleet');
  await simulate({ out: fleet, messages: 150, seed: 31, days: 3 });
  await withOwnStore(async ({ store }) => {
    const ingest = new IngestService(store, OPTIONS);
    const rebuilt: number[] = [];
    for (const [number, portion] of portionsOf(fleet, root, 4).entries()) {
      if (number < 3) await ingest.ingest(portion, { timeZone: 'UTC' });
      else {
        // The last one is cut off when some rollups have followed, and another process goes on.
        await cutOff(store, 'INSERT INTO hoptime_store.property_sums', () =>
          ingest.ingest(portion, { timeZone: 'UTC' }),
        );
        expect(await rollupState(store, 0)).toBe('behind');
        expect(await new Correlator(store, OPTIONS).bringUpToDate()).toBe('touched');
      }
      expect(await rollupState(store, 0)).toBe('in line');
      const journeys = await counted(store);
      expect(sorted(await rolled(store, 'hour'))).toEqual(sorted(added(journeys, 3600)));
      expect(sorted(await rolled(store, 'day'))).toEqual(sorted(added(journeys, 86_400)));
      const [{ n, newest, hours }] = await store.rows<{ n: number; newest: number; hours: number }>({
        sql: `SELECT sum(journeys) AS n, countIf(version = (SELECT max(version) FROM hoptime_store.rollup_versions)) AS newest, count() AS hours
          FROM hoptime_store.rollup_versions FINAL WHERE span = 'hour'`,
      });
      expect(Number(n)).toBe(journeys.length);
      rebuilt.push(Number(newest) / Number(hours));
      expect(await byRollup(store)).toEqual(await byHand(store));
      expect(await totals(store)).toEqual(await totalsByHand(store));
    }
    const kept = await addedUp(store);
    expect(kept.length).toBeGreaterThan(500);
    // When the engine merges parts it adds rows up, bucket by bucket.
    const apart = await rowCount(store);
    await store.command({ sql: 'OPTIMIZE TABLE hoptime_store.property_histograms FINAL' });
    expect(await rowCount(store)).toBeLessThan(apart);
    expect(await addedUp(store)).toEqual(kept);
    await rebuildRollups(store);
    expect(await addedUp(store)).toEqual(kept);
    expect(await totals(store)).toEqual(await totalsByHand(store));
    // The first portion makes all hours; a later one leaves some as they were.
    expect(rebuilt[0]).toBe(1);
    expect(Math.min(...rebuilt.slice(0, 3))).toBeLessThan(0.7);
    expect(rebuilt[3]).toBeLessThan(1);
  });
});

/** Five lines of a mail that HES hands over and that stays for so many seconds. */
function mail(id: string, at: string, seconds: number, end = true): string {
  const line = (after: number, program: string, text: string): string =>
    `${new Date(Date.parse(at) + after * 1000).toISOString()} mx1.corp.example postfix/${program}[7]: ${id}: ${text}\n`;
  return [
    line(0, 'smtpd', 'client=repre.in.hes.trendmicro.com[192.0.2.7]'),
    line(0, 'cleanup', `message-id=<${id}@partner.example>`),
    line(0, 'qmgr', 'from=<bob@partner.example>, size=2841, nrcpt=1 (queue active)'),
    ...(end
      ? [
          line(
            seconds,
            'smtp',
            'to=<user@corp.example>, relay=store.corp.example[192.0.2.9]:25, delay=1, dsn=2.0.0, status=sent (250 2.0.0 Ok)',
          ),
          line(seconds, 'qmgr', 'removed'),
        ]
      : []),
  ].join('');
}

it('new mail of hours that were built a moment ago is added to them; mail that changes has them built anew', async () => {
  await withOwnStore(async ({ store }) => {
    const ingest = new IngestService(store, OPTIONS);
    let files = 0;
    const ingestMails = async (mails: readonly string[]): Promise<void> => {
      const file = join(root, `mail-${files++}.log`);
      writeFileSync(file, mails.join(''));
      const {
        files: [report],
      } = await ingest.ingest([file], { format: 'postfix' });
      expect(report.problem).toBeUndefined();
    };
    /** Versions of hours and days, whose rows say what the journeys say. */
    const told = async (): Promise<string> => {
      expect(await rollupState(store, 0)).toBe('in line');
      const journeys = await counted(store);
      const hours = added(journeys, 3600);
      expect(sorted(await rolled(store, 'hour'))).toEqual(sorted(hours));
      expect(sorted(await rolled(store, 'day'))).toEqual(sorted(added(journeys, 86_400)));
      const [latest] = await store.rows<{ versions: string; journeys: number; largest: number; last: string }>({
        sql: `SELECT arrayStringConcat(arraySort(groupUniqArray(concat(toString(span), ' ', toString(toUnixTimestamp(v.begins)), ' ', toString(v.version)))), ', ') AS versions,
            (SELECT sum(r.journeys) FROM hoptime_store.journey_rollups AS r WHERE (r.begins, r.version) IN ${LATEST.replace('SPAN', 'hour')}) AS journeys,
            (SELECT max(r.downstream_max_ms) FROM hoptime_store.journey_rollups AS r WHERE (r.begins, r.version) IN ${LATEST.replace('SPAN', 'hour')}) AS largest
          FROM hoptime_store.rollup_versions AS v WHERE (span, begins, version) IN (SELECT span, begins, max(version) FROM hoptime_store.rollup_versions GROUP BY span, begins)`,
      });
      const [{ rolled: known }] = await store.rows<{ rolled: number }>('queries/rollup_covers', {
        from: '2026-03-02 00:00:00.000',
        to: '2026-03-04 00:00:00.000',
      });
      expect([Number(latest.journeys), Number(known)]).toEqual([journeys.length, journeys.length]);
      largest.push(Number(latest.largest));
      return latest.versions;
    };
    const take = async (...mails: string[]): Promise<string> => {
      await ingestMails(mails);
      return told();
    };
    const largest: number[] = [];
    const first = await take(mail('A0000001', '2026-03-02T12:00:00Z', 3), mail('A0000002', '2026-03-02T13:00:00Z', 4));
    expect(
      await take(
        mail('B0000001', '2026-03-02T12:10:00Z', 9),
        mail('B0000002', '2026-03-02T13:10:00Z', 2),
        mail('B0000003', '2026-03-02T13:20:00Z', 3),
      ),
    ).toBe(first);
    expect(await take(mail('C0000001', '2026-03-02T12:20:00Z', 0, false))).toBe(first);
    // The mail goes on: the hour that it was in, and its day, are built anew
    const second = await take(mail('C0000001', '2026-03-02T12:20:00Z', 20));
    expect(second.split(', ').filter((version) => first.includes(version))).toHaveLength(1);
    expect(await take(mail('D0000001', '2026-03-02T12:30:00Z', 1))).toBe(second);
    // an hour that nothing was known of
    expect(await take(mail('E0000001', '2026-03-03T12:30:00Z', 1))).not.toBe(second);
    // Cut off when half of it has been added: the next one builds these days anew.
    await cutOff(store, 'INSERT INTO hoptime_store.journey_rollups', () =>
      ingestMails([mail('F0000001', '2026-03-02T12:40:00Z', 30)]),
    );
    expect(await rollupState(store, 0)).toBe('behind');
    expect(await new Correlator(store, OPTIONS).bringUpToDate()).toBe('touched');
    await told();
    expect(largest).toEqual([4000, 9000, 9000, 20_000, 20_000, 20_000, 30_000]);
  });
});
