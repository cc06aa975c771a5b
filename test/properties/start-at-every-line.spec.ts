import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileReport } from '../../libs/ingest/ingest-report';
import { withOwnStore } from '../support/own-store';
import { ENDS, LINES, type End } from './mixed-log.fixture';

/** A log may begin anywhere in a message (rotation, retention, a late start of collecting): what its lines still say must be known. */
const START = Date.UTC(2026, 2, 2, 10);
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

interface Found {
  mta: string;
  message_id: string | null;
  recipient: string;
  state: string;
  received_ms: string;
  relayed_ms: string | null;
  deferrals: number;
}

const forms = {
  iso: { resolution: 1, stamp: (ms: number) => new Date(ms).toISOString().replace('Z', '000+00:00') },
  rfc3164: {
    resolution: 1000,
    stamp: (ms: number) => {
      const at = new Date(ms);
      return `${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)}`;
    },
  },
};

const host = (first: number): string => `from-${first}`;
const msOf = (seconds: number, resolution: number): number =>
  START + Math.floor((seconds * 1000) / resolution) * resolution;

describe.each(Object.entries(forms))('a log in %s form', (name, { resolution, stamp }) => {
  const folder = mkdtempSync(join(tmpdir(), `hoptime-start-${name}-`));
  const reports: FileReport[] = [];
  const found = new Map<string, Found[]>();

  // Every start is a host of its own with Message-IDs of its own, so that one correlation answers for all of them.
  beforeAll(async () => {
    const texts = LINES.map(
      ([at, program, text]) =>
        (mta: string, copy: number) =>
          `${stamp(START + Math.round(at * 1000))} ${mta} postfix/${program}: ${text.replace('#', String(copy))}\n`,
    );
    for (const first of LINES.keys())
      writeFileSync(
        join(folder, `${host(first)}.log`),
        texts
          .slice(first)
          .map((line) => line(host(first), first))
          .join(''),
      );
    await withOwnStore(async ({ store, ingest }) => {
      reports.push(...(await ingest.ingest([folder], { year: 2026, format: 'postfix' })).files);
      const rows = await store.rows<Found>({
        sql: `SELECT h.mta AS mta, j.message_id AS message_id, j.recipient AS recipient, j.state AS state, j.deferrals AS deferrals,
          toString(toUnixTimestamp64Milli(min(h.received_at))) AS received_ms, toString(toUnixTimestamp64Milli(max(h.relayed_at))) AS relayed_ms
          FROM hoptime.journeys AS j LEFT JOIN hoptime.hops AS h USING (journey_id)
          GROUP BY h.mta, j.journey_id, j.message_id, j.recipient, j.state, j.deferrals`,
      });
      for (const row of rows) found.set(row.mta, [...(found.get(row.mta) ?? []), row]);
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const left = (first: number): End[] => ENDS.filter(({ line }) => line >= first);
  const endOf = ({ state, line }: End): string | null =>
    state === 'complete' || state === 'relayed' ? String(msOf(LINES[line][0], resolution)) : null;
  const sorted = (rows: string[]): string[] => [...rows].sort();

  it.each([...LINES.keys()])('read from line %i on', (first) => {
    const report = reports.find(({ path }) => path.endsWith(`/${host(first)}.log`));
    expect(report).toMatchObject({ records: LINES.length - first, rejected: 0 });
    expect(report?.problem).toBeUndefined();
    expect(report?.records).toBe(Number(report?.parsed) + Number(report?.skipped));

    const journeys = found.get(host(first)) ?? [];
    const named = (end: End): string | null =>
      end.idLines.some((line) => line >= first) ? end.messageId.replace('#', String(first)) : null;
    expect(sorted(journeys.map((j) => `${j.recipient} ${j.state} ${j.relayed_ms} ${j.message_id}`))).toEqual(
      sorted(left(first).map((end) => `${end.recipient} ${end.state} ${endOf(end)} ${named(end)}`)),
    );
  });

  it('is received when it was, whatever lines tell so', () => {
    let checked = 0;
    for (const first of LINES.keys()) {
      for (const end of left(first)) {
        const journey = (found.get(host(first)) ?? []).find(
          (j) => j.recipient === end.recipient && j.relayed_ms === endOf(end),
        );
        if (end.received === undefined || first > (end.receivedBy ?? end.line)) continue;
        const late = Number(journey?.received_ms) - msOf(end.received, resolution);
        // `delays=` of 300 s and more have no fraction
        expect({ first, end, late: Math.abs(late) <= 1000 + resolution ? 0 : late }).toEqual({ first, end, late: 0 });
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(200);
  });
});
