import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duePeriods } from './due-periods';
import { readSchedules } from './schedule';

const at = (text: string): number => Date.parse(text);
const shown = (periods: ReturnType<typeof duePeriods>): string[] =>
  periods.map(({ from, to, runAt }) =>
    [from, to, runAt].map((ms) => new Date(ms).toISOString().slice(0, 16)).join(' '),
  );

describe('duePeriods', () => {
  it('is the last whole month in the zone, whose clocks change in it', () => {
    const schedule = { cron: '0 6 2 * *', zone: 'Europe/Berlin', period: 'month' } as const;
    // 06:00 in Berlin is 05:00 UTC in winter, 04:00 in summer, which began on 29 March 2026
    expect(shown(duePeriods(schedule, at('2026-03-10T00:00:00Z'), at('2026-04-02T03:59:59Z')))).toEqual([]);
    expect(shown(duePeriods(schedule, at('2026-03-10T00:00:00Z'), at('2026-04-02T04:00:00Z')))).toEqual([
      '2026-02-28T23:00 2026-03-31T22:00 2026-04-02T04:00',
    ]);
  });

  it('makes up every period that was missed, over the turn of the year', () => {
    const schedule = { cron: '30 1 1 * *', zone: 'UTC', period: 'month' } as const;
    expect(shown(duePeriods(schedule, at('2025-10-15T00:00:00Z'), at('2026-02-20T00:00:00Z')))).toEqual([
      '2025-10-01T00:00 2025-11-01T00:00 2025-11-01T01:30',
      '2025-11-01T00:00 2025-12-01T00:00 2025-12-01T01:30',
      '2025-12-01T00:00 2026-01-01T00:00 2026-01-01T01:30',
      '2026-01-01T00:00 2026-02-01T00:00 2026-02-01T01:30',
    ]);
  });

  it('has a period once, however often the expression comes, and weeks from Monday', () => {
    const schedule = { cron: '0 * * * *', zone: 'UTC', period: 'week' } as const;
    // 2 and 9 March 2026 are Mondays
    expect(shown(duePeriods(schedule, at('2026-03-01T12:00:00Z'), at('2026-03-12T00:00:00Z')))).toEqual([
      '2026-02-16T00:00 2026-02-23T00:00 2026-03-01T13:00',
      '2026-02-23T00:00 2026-03-02T00:00 2026-03-02T00:00',
      '2026-03-02T00:00 2026-03-09T00:00 2026-03-09T00:00',
    ]);
  });
});

describe('readSchedules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hoptime-schedules-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const read = (text: string): ReturnType<typeof readSchedules> => {
    writeFileSync(join(folder, 'schedules.yaml'), text);
    return readSchedules(join(folder, 'schedules.yaml'));
  };

  it('reads names, times, zones, clauses and filters', () => {
    const [monthly, weekly] = read(`schedules:
  - { name: monthly, cron: '0 6 2 * *', period: month, zone: Europe/Berlin, sla: [trend-hes-2019] }
  - { name: weekly, cron: '0 6 * * 1', period: week, pdf: true, filters: { recipient_domain: [corp.example] } }
`);
    expect(monthly).toMatchObject({ period: 'month', zone: 'Europe/Berlin', pdf: false, filters: {} });
    expect(monthly.clauses.map(({ name }) => name)).toEqual(['trend-hes-2019-latency']);
    expect(weekly).toMatchObject({
      zone: 'UTC',
      clauses: [],
      pdf: true,
      filters: { recipient_domain: ['corp.example'] },
    });
  });

  it.each([
    [
      `schedules:\n  - { name: a, cron: '61 * * * *', period: month }\n`,
      /schedules\.yaml:2: schedules\.0\.cron: is no cron expression/,
    ],
    [`schedules:\n  - { name: a, cron: '0 6 2 * *', period: year }\n`, /schedules\.0\.period/],
    [
      `schedules:\n  - { name: a, cron: '0 6 2 * *', period: month, sla: [none.yaml] }\n`,
      /schedule a: none\.yaml cannot be read/,
    ],
    [`schedules: [\n`, /schedules\.yaml:2: /],
  ])('says what is wrong, and where: %s', (text, problem) => {
    expect(() => read(text)).toThrow(problem);
  });
});
