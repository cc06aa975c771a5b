import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workplace, type Ingested } from './hoptime.fixture';

/** From files to a report, down to file and line, with the built program. */
const place = new Workplace();
const { folder } = place;
const hoptime = place.quick.bind(place);
/** In a process of its own, as a user starts it: in a zone that is not that of the figures. */
const started = place.run.bind(place);
const json: Workplace['json'] = place.json.bind(place);
const inputs = join(folder, 'inputs');

const TRACKING = `${JSON.stringify({
  logs: [
    tracking('2026-03-02T10:00:00Z', '2026-03-02T10:00:10Z', 'Temporary delivery error', '450 4.2.0 Greylisted'),
    tracking('2026-03-02T10:00:00Z', '2026-03-02T10:20:00Z', 'Delivered', '250 2.0.0 Ok: queued as 4fPZDN0mgNz8xQ'),
  ],
})}\n`;

function tracking(timestamp: string, deliveryTime: string, action: string, details: string): Record<string, unknown> {
  return {
    genTime: deliveryTime,
    timestamp,
    deliveryTime,
    sender: 'bob@partner.example',
    direction: 'in',
    messageID: '<e2e-1@partner.example>',
    subject: 'x',
    size: 4096,
    mailID: 'a0b1c2d3-0000-4000-8000-000000000001',
    recipient: 'alice@corp.example',
    action,
    details,
    deliveredTo: 'mx1.corp.example[198.51.100.11]:25',
  };
}

// hand computation: HES 10:00:00 → 10:20:00 (10 s at work, then 19 min 50 s waiting); mx1 takes it at 10:20:00.250 (queue active) and delivers at 10:20:05.650
const MX1 = `2026-03-02T10:20:00.000000+00:00 mx1 postfix/smtpd[101]: 4fPZDN0mgNz8xQ: client=repost01.tmes.trendmicro.eu[18.185.115.10]
2026-03-02T10:20:00.100000+00:00 mx1 postfix/cleanup[102]: 4fPZDN0mgNz8xQ: message-id=<e2e-1@partner.example>
2026-03-02T10:20:00.250000+00:00 mx1 postfix/qmgr[103]: 4fPZDN0mgNz8xQ: from=<bob@partner.example>, size=4096, nrcpt=1 (queue active)
2026-03-02T10:20:05.650000+00:00 mx1 postfix/local[104]: 4fPZDN0mgNz8xQ: to=<alice@corp.example>, relay=local, delay=5.7, delays=0.25/0.01/0/5.4, dsn=2.0.0, status=sent (delivered to mailbox)
2026-03-02T10:20:05.660000+00:00 mx1 postfix/qmgr[103]: 4fPZDN0mgNz8xQ: removed
`;
const BROKEN = `${MX1.replace(/4fPZDN0mgNz8xQ/g, '4fPZDN0mgNz8xR').replace(/e2e-1/g, 'e2e-2')}2026-03-02T10:21:00.000000+00:00 mx1 postfix/smtp[105]: 4fPZDN0mgNz8xS: to=<al
`;

beforeAll(() => {
  mkdirSync(inputs);
  writeFileSync(join(inputs, 'tracking.json'), TRACKING);
  writeFileSync(join(inputs, 'mx1.log'), MX1);
  writeFileSync(join(folder, 'broken.log'), BROKEN);
  writeFileSync(join(folder, 'junk.bin'), Buffer.from([0, 255, 1, 254, 2, 253]));
});
afterAll(() => place.remove());

describe('from files to a report, down to file and line', () => {
  it('says what to do when there is nothing yet', () => {
    const { status, stdout } = hoptime(['report']);
    expect([status, stdout]).toEqual([
      0,
      'No journey is in the store.\nRead your files first: npx hoptime ingest PATH…   or see made-up mail: npx hoptime demo\n',
    ]);
  });

  it('ingests a folder and keeps its books', () => {
    const { files, totals, journeys } = json<Ingested>(['ingest', 'inputs', '--json']);
    expect(files.map(({ path, format, rejected, problem }) => [path, format, rejected, problem])).toEqual([
      ['inputs/mx1.log', 'postfix', 0, null],
      ['inputs/tracking.json', 'trend-email-security', 0, null],
    ]);
    expect(totals).toMatchObject({ files: 2, records: 7, rejected: 0 });
    expect(totals.records).toBe(totals.parsed + totals.skipped);
    expect(journeys).toEqual({ total: 1, complete: 1 });
  });

  it('reports what was computed by hand', () => {
    const report = json<{ segments: Record<string, Record<string, unknown>>; hops: unknown[]; verdicts: unknown }>([
      'report',
      '--json',
    ]);
    expect(report.segments.hes).toMatchObject({
      count: 1,
      mean_ms: 1_200_000,
      p50_ms: 1_200_000,
      share_under: { '600000': 0 },
    });
    expect(report.segments.hes_processing).toMatchObject({ p50_ms: 10_000 });
    expect(report.segments.hes_waiting).toMatchObject({ p50_ms: 1_190_000 });
    expect(report.segments.downstream).toMatchObject({ p50_ms: 5650 });
    expect(report.segments.total).toMatchObject({ p50_ms: 1_205_650 });
    expect(report.hops).toEqual([
      {
        mta: 'mx1',
        product: 'postfix',
        count: 1,
        p50_ms: 5400,
        p95_ms: 5400,
        p99_ms: 5400,
        deferrals: 0,
        share_of_downstream: 1,
      },
    ]);
    expect(report.verdicts).toEqual({ hes_waiting_on_downstream: 1 });
  });

  it('has exactly the fields of the contract, and more', () => {
    const report = json<Record<string, unknown>>(['report', '--format', 'json']);
    for (const name of 'from to tz clock generated_at version coverage segments hops verdicts slowest timeline sla'.split(
      ' ',
    ))
      expect(report).toHaveProperty(name);
    expect([report.tz, report.clock, report.sla]).toEqual(['UTC', 'raw', []]);
    expect(report.timeline).toContainEqual({
      at: '2026-03-02T10:00:00.000Z',
      segment: 'hes',
      count: 1,
      p50_ms: 1_200_000,
      p95_ms: 1_200_000,
      max_ms: 1_200_000,
    });
  });

  it('suggests commands that lead to the line', () => {
    const { stdout } = started(['report']);
    expect(stdout).toContain('HES held the mail 20 min 0 s (median)');
    const [list, one] = [...stdout.matchAll(/^ {2}npx hoptime (.*)$/gm)].map(([, words]) => words.split(' '));
    expect(started(list).stdout).toContain('e2e-1@partner.example');
    const account = started(one).stdout;
    expect(account).toContain('mx1 refused or deferred the mail: "450 4.2.0 Greylisted"');
    expect(account).toContain(`${join(inputs, 'mx1.log')}:4\n`);
    expect(account).toContain('step 2 of the KB');
  });

  it('writes the report to a file', () => {
    expect(hoptime(['report', '--format', 'csv', '-o', 'report.csv'])).toMatchObject({ status: 0, stdout: '' });
    expect(readFileSync(join(folder, 'report.csv'), 'utf8')).toContain('segments,hes,,p50_ms,1200000\r\n');
  });

  it('lists journeys as CSV in the order of the contract, and as JSON with hops', () => {
    const { stdout } = hoptime(['journeys', '--format', 'csv']);
    expect(stdout.split('\r\n')[0]).toMatch(
      /^message_id,recipient,original_recipient,sender,direction,state,via_hes,verdict,.*,clock_correction_ms,matched_by$/,
    );
    const [journey] = json<{ message_id: string; hops: Record<string, unknown>[] }[]>(['journeys', '--json']);
    expect(journey.message_id).toBe('e2e-1@partner.example');
    expect(journey.hops).toEqual([
      expect.objectContaining({ mta: 'mx1', dwell_ms: 5400, transfer_ms: 250, queue_id: '4fPZDN0mgNz8xQ' }),
    ]);
  });

  it('filters', () => {
    expect(json(['journeys', '--json', '--from', '2026-03-02T10:00:00.001Z'])).toEqual([]);
    expect(
      json<unknown[]>([
        'journeys',
        '--json',
        '--from',
        '2026-03-02',
        '--to',
        '2026-03-03',
        '--mta',
        'mx1',
        '--state',
        'complete',
      ]).length,
    ).toBe(1);
    expect(json(['journeys', '--json', '--recipient-domain', 'other.example'])).toEqual([]);
  });

  it('accounts for one message as JSON, every event with file and line', () => {
    const { message_id, journeys } = json<{
      message_id: string;
      journeys: { events: Record<string, unknown>[]; explanation: unknown }[];
    }>(['journey', '<e2e-1@partner.example>', '--json']);
    expect([message_id, journeys.length]).toEqual(['e2e-1@partner.example', 1]);
    expect(journeys[0].explanation).toMatchObject({ kb_step: 2 });
    expect(journeys[0].events).toContainEqual(
      expect.objectContaining({
        event_time: '2026-03-02T10:20:05.650Z',
        kind: 'delivered',
        mta: 'mx1',
        file: join(inputs, 'mx1.log'),
        line: 4,
      }),
    );
  });

  it('shows the lines of the files themselves, without the subject', () => {
    const { records } = json<{ records: { file: string; line: number; text: string; problem: string | null }[] }>([
      'journey',
      'e2e-1@partner.example',
      '--lines',
      '--json',
    ]);
    const mx1 = join(inputs, 'mx1.log');
    const [fourth] = records.filter(({ file, line }) => file === mx1 && line === 4);
    expect(fourth).toEqual({ file: mx1, line: 4, text: readFileSync(mx1, 'utf8').split('\n')[3], problem: null });
    // both records of HES stand on one line
    const hes = records.filter(({ file }) => file !== mx1);
    expect(
      hes.map(({ text }) => text.split('\n').map((each) => (JSON.parse(each) as { action: string }).action)),
    ).toEqual([['Temporary delivery error', 'Delivered']]);
    expect(hes[0].text).toContain('"subject":"[subject]"');
    const { stdout } = hoptime(['journey', 'e2e-1@partner.example', '--lines']);
    expect(stdout).toContain(`\n${mx1}:4\n  ${fourth.text}\n`);
  });

  it('does not know another message, and says so', () => {
    expect(hoptime(['journey', 'nobody@knows.example'])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^hoptime: no journey has the Message-ID nobody@knows.example/) as unknown,
    });
  });

  it('answers SQL in any format', () => {
    expect(
      hoptime(['sql', 'SELECT state, count() AS n FROM journeys GROUP BY state', '--format', 'CSVWithNames']).stdout,
    ).toBe('"state","n"\n"complete",1\n');
    expect(hoptime(['sql', 'SELECT state FROM journeys']).stdout).toBe('┌─state────┐\n│ complete │\n└──────────┘\n');
    expect(hoptime(['sql', 'SELECT nonsense FROM journeys'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^hoptime: Unknown expression identifier `nonsense`/) as unknown,
    });
  });

  it('changes nothing when a file is read twice', () => {
    expect(json<Ingested>(['ingest', 'inputs/mx1.log', '--json']).journeys).toEqual({ total: 1, complete: 1 });
    expect(
      json<{ segments: { downstream: { p50_ms: number } } }>(['report', '--json']).segments.downstream.p50_ms,
    ).toBe(5650);
  });
});

describe('a log shorter than its beginning', () => {
  it('is the same input when it has grown, and another one when it was begun anew', () => {
    const store = ['--store-url', `chdb:${join(folder, 'growing-store')}`];
    const lines = MX1.split('\n');
    const idAfter = (text: string): unknown => {
      writeFileSync(join(folder, 'growing.log'), text);
      return json<Ingested>(['ingest', 'growing.log', '--json', ...store]).files[0].input_id;
    };
    const first = idAfter(`${lines[0]}\n`);
    expect(idAfter(`${lines.slice(0, 2).join('\n')}\n`)).toBe(first);
    expect(idAfter(MX1)).toBe(first);
    expect(idAfter(`${lines[0].replace('101', '999')}\n`)).not.toBe(first);
    expect(hoptime(['sql', 'SELECT count() AS n FROM inputs', '--format', 'TSV', ...store]).stdout).toBe('2\n');
  });
});

describe('what cannot be read or understood', () => {
  it('ends with 1 when a file cannot be read, and ingests the others', () => {
    const { files, journeys } = json<Ingested>(['ingest', 'junk.bin', 'missing.log', 'inputs/mx1.log', '--json'], 1);
    expect(files.map(({ path, problem }) => [path, problem !== null])).toEqual([
      ['junk.bin', true],
      ['missing.log', true],
      ['inputs/mx1.log', false],
    ]);
    expect(journeys.total).toBe(1);
  });

  it('ends with 3 when records were rejected, and lists them', () => {
    const { status, stdout } = hoptime(['ingest', 'broken.log']);
    expect(status).toBe(3);
    expect(stdout).toContain('REJECTED broken.log:6: ');
    const reasons = json<Record<string, unknown>[]>(['rejected', '--json']);
    expect(reasons).toEqual([expect.objectContaining({ source: 'postfix', count: 1, first_line: 6 })]);
    expect(hoptime(['rejected', '--file', 'other.log']).stdout).toBe('Every record of the inputs was understood.\n');
  });

  it('replays what was rejected after a fix of the file', () => {
    expect(hoptime(['replay'])).toMatchObject({ status: 3 });
    writeFileSync(join(folder, 'broken.log'), BROKEN.slice(0, BROKEN.lastIndexOf('2026')));
    expect(hoptime(['replay'])).toMatchObject({ status: 0 });
    expect(json(['rejected', '--json'])).toEqual([]);
  });

  it('forgets a file by its path, and says when there is nothing to forget', () => {
    const { inputs: forgotten, journeys } = json<{ inputs: { path: string; input_id: string }[]; journeys: unknown }>([
      'forget',
      'broken.log',
      '--json',
    ]);
    expect(forgotten.every(({ path }) => path === join(folder, 'broken.log'))).toBe(true);
    expect(forgotten.length).toBeGreaterThan(0);
    expect(journeys).toEqual({ total: 1, complete: 1 });
    expect(hoptime(['forget', 'never-read.log'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nothing was read from never-read.log') as unknown,
    });
  });
});
