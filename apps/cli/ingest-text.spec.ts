import type { FileReport, IngestReport } from '../../libs/ingest/ingest-report';
import { ingestDocument, ingestText, ingestWarnings } from './ingest-text';

const file = (path: string, more: Partial<FileReport> = {}): FileReport => ({
  path,
  format: 'postfix',
  inputId: '5f1c0a9e44b7d210',
  records: 1200,
  parsed: 600,
  skipped: 600,
  rejected: 0,
  events: 640,
  rejectedReasons: [],
  warnings: [],
  ...more,
});

const report = (files: FileReport[]): IngestReport => ({
  files,
  totals: { files: files.length, records: 2400, parsed: 1199, skipped: 1200, rejected: 1, events: 1280 },
  journeys: { total: 20, complete: 18, in_flight: 1, bounced: 1 },
});

const wrongZone =
  'stamps are 5 h before the time inside the queue ids: the zone is probably wrong. Undo it with `hoptime forget FILE`, then read the file again with `--timezone ZONE`';

const two = report([
  file('mx1.log', { warnings: [wrongZone] }),
  file('mx2.log', {
    parsed: 599,
    rejected: 1,
    rejectedReasons: [{ reason: 'line ends early', count: 1, firstLine: 17 }],
  }),
]);

describe('ingestText', () => {
  it('shows the books, what was rejected, and where to go on', () => {
    expect(ingestText(two)).toBe(`file              format   records  parsed  skipped  rejected  events
────────────────  ───────  ───────  ──────  ───────  ────────  ──────
mx1.log           postfix    1,200     600      600         0     640
mx2.log           postfix    1,200     599      600         1     640
total of 2 files             2,400   1,199    1,200         1   1,280

REJECTED mx2.log:17: line ends early (1 record; all: hoptime rejected)

20 journeys in the store: 18 complete, 1 in flight, 1 bounced.
Next: npx hoptime report
`);
  });

  it('stays short with thousands of files', () => {
    const reasons = [{ reason: 'line ends early', count: 1, firstLine: 17 }];
    const bad = Array.from({ length: 3000 }, (_, i) => file(`f${i}`, { rejectedReasons: reasons }));
    const lines = ingestText(report(bad)).split('\n');
    expect(lines.filter((line) => line.startsWith('REJECTED')).length).toBe(40);
    expect(lines).toContain('… and 2,960 more: --json tells all of them');
    expect(lines.length).toBeLessThan(80);
  });

  it('names states in the order of the delay model', () => {
    const journeys = {
      total: 21,
      bounced: 1,
      complete: 6,
      deleted: 2,
      expired: 3,
      in_flight: 4,
      rejected: 0,
      relayed: 5,
    };
    expect(ingestText({ ...two, journeys })).toContain(
      '21 journeys in the store: 6 complete, 5 relayed, 4 in flight, 1 bounced, 3 expired, 2 deleted.\n',
    );
  });

  it('says so when there was nothing to read, or no journey came of it', () => {
    expect(ingestText({ ...report([]), files: [] })).toBe('Nothing to read.\n');
    expect(ingestText({ ...two, journeys: { total: 0 } })).toContain('No journey in the store yet.\n');
  });
});

describe('ingestWarnings', () => {
  const unread = { format: null, inputId: null, problem: 'permission denied' };

  it('names what is wrong per file, and what mends a wrong zone once', () => {
    const files = [
      file('mx1.log', { warnings: [wrongZone] }),
      file('junk\u001b.bin', unread),
      file('mx2.log', { warnings: [wrongZone] }),
      file('empty.log', { warnings: ['the file is empty'] }),
      file('mx3.log'),
    ];
    expect(ingestWarnings(report(files))).toBe(
      `WARNING mx1.log: stamps are 5 h before the time inside the queue ids: the zone is probably wrong.
PROBLEM junk?.bin: permission denied
WARNING mx2.log: stamps are 5 h before the time inside the queue ids: the zone is probably wrong.
WARNING empty.log: the file is empty
Undo it with \`hoptime forget FILE\`, then read the file again with \`--timezone ZONE\`
`,
    );
  });

  it('is nothing when all is well', () => expect(ingestWarnings(report([file('mx1.log')]))).toBe(''));

  it('stays short with thousands of bad files', () => {
    const lines = ingestWarnings(report(Array.from({ length: 3000 }, (_, i) => file(`f${i}`, unread)))).split('\n');
    expect(lines.filter((line) => line.startsWith('PROBLEM')).length).toBe(40);
    expect(lines).toContain('… and 2,960 more: --json tells all of them');
  });
});

describe('ingestDocument', () => {
  it('has the names of interfaces.md §3 first, and no others in camel case', () => {
    const document = ingestDocument(two) as { files: Record<string, unknown>[] };
    expect(Object.keys(document)).toEqual(['files', 'totals', 'journeys']);
    expect(document.files[1]).toEqual({
      path: 'mx2.log',
      format: 'postfix',
      records: 1200,
      parsed: 599,
      skipped: 600,
      rejected: 1,
      events: 640,
      input_id: '5f1c0a9e44b7d210',
      sha256: null,
      warnings: [],
      problem: null,
      rejected_reasons: [{ reason: 'line ends early', count: 1, first_line: 17 }],
    });
  });
});
