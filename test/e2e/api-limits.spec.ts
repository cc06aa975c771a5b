import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type * as api from '../../libs/http/api-types';
import { asker } from '../../libs/store/asker';
import { until } from '../support/until';
import { clients } from './api-clients.fixture';
import { ServedStore, type Answer } from './api.fixture';

const ALL = 'from=2026-01-01&to=2027-01-01';
const LOG = [
  'Mar  2 08:00:00 mx1 postfix/smtpd[1]: 4PbC4x469Jz3tBr: client=mail.sender.example[192.0.2.9]',
  'Mar  2 08:00:00 mx1 postfix/cleanup[2]: 4PbC4x469Jz3tBr: message-id=<one@sender.example>',
  'Mar  2 08:00:00 mx1 postfix/qmgr[3]: 4PbC4x469Jz3tBr: from=<a@sender.example>, size=1000, nrcpt=1 (queue active)',
  'Mar  2 08:00:05 mx1 postfix/smtp[4]: 4PbC4x469Jz3tBr: to=<b@corp.example>, relay=mbx1[192.0.2.1]:25, delay=5, delays=0/0/0/5, dsn=2.0.0, status=sent (250 2.0.0 Ok)',
  'Mar  2 08:00:05 mx1 postfix/qmgr[3]: 4PbC4x469Jz3tBr: removed',
  '',
].join('\n');

let served: ServedStore;
beforeAll(async () => {
  served = await ServedStore.open();
});
afterAll(() => served.close());

type ProblemAnswer = Answer<api.Problem>;
/** Lets nobody read until what it answers is called. */
function hold(): () => Promise<void> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((done) => (release = done));
  const held = served.store.gate.alone(() => released);
  return () => {
    release();
    return held;
  };
}

const post = async <T>(path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer<T>> =>
  served.get<T>(path, { method: 'POST', body, headers });

describe('an empty store', () => {
  it('answers without figures, not with zeros', async () => {
    expect(await served.ask<api.Range>('range')).toMatchObject({ from: null, to: null, journeys: 0, changed_at: null });
    const summary = await served.ask<api.Summary>(`delays/summary?${ALL}&segment=hes`);
    expect(summary.segments.hes).toMatchObject({
      count: 0,
      p50_ms: null,
      max_ms: null,
      share_under: { '60000': null },
    });
    expect((await served.ask<api.Journeys>(`journeys?${ALL}`)).next_cursor).toBeNull();
    expect(await served.ask<api.Compare>(`delays/compare?${ALL}`)).toMatchObject({ min_ms: null, dimensions: [] });
    expect((await served.ask<api.Breakdown>(`delays/breakdown?${ALL}&by=reply`)).values).toEqual([]);
    expect(await served.ask<api.Hops>(`hops?${ALL}`)).toMatchObject({ hops: [], links: [], hes: { sum_ms: null } });
    expect((await served.ask<api.Inputs>('inputs')).totals.inputs).toBe(0);
  });
});

describe('problems (RFC 9457) name the parameter and say what is right', () => {
  it.each<[string, number, string, string]>([
    ['delays/summary?to=2026-03-02', 400, 'from', 'from is missing'],
    ['delays/summary?from=yesterday&to=2026-03-02', 400, 'from', 'from: "yesterday" is not a time'],
    ['delays/summary?from=2026-03-02&to=2026-03-02', 400, 'to', 'to must lie after from'],
    [`delays/summary?${ALL}&to=2026-03-02`, 400, 'to', 'to may be given once only'],
    [`delays/summary?${ALL}&state=lost`, 400, 'state', 'state: Invalid option'],
    [`delays/summary?${ALL}&verdict=late`, 400, 'verdict', 'verdict: must be none, hes_processing'],
    [`delays/summary?${ALL}&segment=hes,before`, 400, 'segment', 'segment: Invalid option'],
    [`delays/summary?${ALL}&under=0`, 400, 'under', 'under: must be a whole number from 1'],
    [`delays/summary?${ALL}&tz=%2B02:00`, 400, 'tz', 'tz: must be an IANA time zone'],
    [`delays/summary?${ALL}&colour=red`, 400, 'colour', 'colour is no parameter'],
    [`delays/summary?${ALL}&__proto__=1`, 400, '__proto__', '__proto__ is no parameter'],
    [
      'delays/heatmap?from=2000-01-01&to=2026-01-01&interval=hour',
      422,
      'interval',
      'The range holds more than 2500 hours',
    ],
    [`delays/compare?${ALL}&baseline_from=2025-01-01`, 400, 'baseline_to', 'baseline_to is missing'],
    [`delays/compare?${ALL}&min_ms=10&max_ms=10`, 400, 'max_ms', 'max_ms must be greater'],
    [`journeys?${ALL}&limit=1001`, 400, 'limit', 'limit: must be a whole number from 1 to 1000'],
    [`journeys?${ALL}&cursor=abc`, 400, 'cursor', 'cursor: take it from next_cursor'],
    ['journeys/nobody%40sender.example', 404, 'message_id', 'No journey has this Message-ID'],
  ])('%s', async (path, status, parameter, detail) => {
    const { status: got, headers, body }: ProblemAnswer = await served.get(path);
    expect([got, body.status, body.parameter]).toEqual([status, status, parameter]);
    expect(body.detail).toContain(detail);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(body.instance).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('lists all that is wrong', async () => {
    const { body }: ProblemAnswer = await served.get('delays/summary?from=x&colour=red');
    expect(body.errors?.map(({ parameter }) => parameter)).toEqual(['colour', 'from', 'to']);
  });

  it('a cursor belongs to its order', async () => {
    const cursor = Buffer.from(JSON.stringify(['time', '0', '2026-03-02 00:00:00.000', '00000000000000ff'])).toString(
      'base64url',
    );
    expect((await served.get(`journeys?${ALL}&cursor=${cursor}`)).status).toBe(200);
    const { status, body }: ProblemAnswer = await served.get(`journeys?${ALL}&sort=slowest&cursor=${cursor}`);
    expect([status, body.parameter]).toEqual([400, 'cursor']);
  });

  it('an unknown address is a problem too', async () => {
    const { status, body }: ProblemAnswer = await served.get('nothing');
    expect([status, body.title]).toEqual([404, 'Not Found']);
  });
});

describe('POST /ingest', () => {
  it('takes a file as the body and answers its books; gzip and a second time make no difference', async () => {
    const expected = { files: 1, records: 5, parsed: 5, skipped: 0, rejected: 0 };
    const first = await post<api.IngestAnswer>('ingest?name=mail.log&year=2026&timezone=UTC', LOG);
    expect([first.status, first.body.totals]).toEqual([200, { ...expected, events: expect.any(Number) as number }]);
    expect(first.body.files[0]).toMatchObject({ path: 'mail.log', format: 'postfix', problem: null, warnings: [] });
    expect(first.body.journeys).toEqual({ total: 1, relayed: 1 });
    const packed = await post<api.IngestAnswer>('ingest?name=mail.log.gz&year=2026&timezone=UTC', gzipSync(LOG), {
      'content-encoding': 'gzip',
    });
    expect([packed.status, packed.body.totals.parsed, packed.body.journeys.total]).toEqual([200, 5, 1]);
    const again = await post<api.IngestAnswer>('ingest?name=mail.log&year=2026&timezone=UTC', LOG);
    expect([again.body.journeys.total, again.body.files[0].input_id]).toEqual([1, first.body.files[0].input_id]);
    const { journeys } = await served.ask<api.MessageJourneys>('journeys/one%40sender.example');
    expect(journeys).toMatchObject([{ recipient: 'b@corp.example', hops: [{ mta: 'mx1', dwell_ms: 5000 }] }]);
    expect((await served.ask<api.Inputs>('inputs')).totals).toMatchObject({ inputs: 2, records: 10, rejected: 0 });
  });

  it('honours Idempotency-Key: the same answer again, another body refused', async () => {
    const key = { 'idempotency-key': 'upload-1' };
    const first = await post<api.IngestAnswer>('ingest?year=2026&timezone=UTC', LOG, key);
    const again = await post<api.IngestAnswer>('ingest?year=2026&timezone=UTC', LOG, key);
    expect([again.status, again.body]).toEqual([200, first.body]);
    const other = await post<api.Problem>('ingest?year=2026&timezone=UTC', `${LOG}more\n`, key);
    expect([other.status, other.body.parameter]).toEqual([422, 'Idempotency-Key']);
  });

  it('says what it does not take', async () => {
    const cases: [string, string, Record<string, string>, number, string][] = [
      ['ingest', '', {}, 400, 'The body is empty'],
      ['ingest?format=csv', LOG, {}, 400, 'format must be one of'],
      ['ingest', LOG, { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'A form is not understood'],
      ['ingest', LOG, { 'content-encoding': 'br' }, 415, 'Content-Encoding "br" is not understood'],
    ];
    for (const [path, body, headers, status, detail] of cases) {
      const answer = await post<api.Problem>(path, body, headers);
      expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(detail) as string]);
    }
  });
});

describe('POST /inspect', () => {
  it('reads a header without the store', async () => {
    const mail = 'Received: from a.example by b.example; Mon, 2 Mar 2026 08:00:10 +0000\nMessage-ID: <x@a.example>\n\n';
    const { status, body } = await post<api.Inspections>('inspect', mail, { 'content-type': 'message/rfc822' });
    expect([status, body.inspections]).toMatchObject([200, [{ message_id: 'x@a.example', passed_hes: 'no' }]]);
  });

  it('reads the header in an Outlook item, and says what is wrong with a broken one', async () => {
    const item = readFileSync(join(__dirname, '../../libs/sources/formats/trace-headers/fixtures/outlook.msg'));
    const { body } = await post<api.Inspections>('inspect', item, { 'content-type': 'application/vnd.ms-outlook' });
    // X-TM-MAIL-RECEIVED-TIME of the mail is 08:00:07.342, and the next hop took it at 08:00:12
    expect(body.inspections).toMatchObject([
      { message_id: 'CAOEz+tmes=inbound@mail.partner.example', passed_hes: 'yes', hes_ms: 4658 },
    ]);
    const broken = await post<api.Inspections>('inspect', item.subarray(0, 600));
    expect([broken.status, broken.body.inspections[0].problems]).toEqual([
      200,
      ['Outlook item that is broken; save the message again, or save it as EML'],
    ]);
  });

  it('refuses more than 32 MiB', async () => {
    const { status, body } = await post<api.Problem>('inspect', Buffer.alloc(33 * 2 ** 20, 'x'));
    expect([status, body.title]).toEqual([413, 'Payload Too Large']);
  });
});

describe('pages of others', () => {
  const got = async (path: string): Promise<{ headers: Headers; text: string }> => {
    const response = await fetch(served.address + path);
    return { headers: response.headers, text: await response.text() };
  };

  const raw = (headers: Record<string, string>, method = 'GET'): Promise<number | undefined> =>
    new Promise((done, fail) => {
      const { hostname, port } = new URL(served.address);
      request({ hostname, port, path: '/api/v1/range', method, headers }, (response) => {
        response.resume();
        done(response.statusCode);
      })
        .on('error', fail)
        .end();
    });

  it('can neither read under a name of their own nor send', async () => {
    expect(await raw({ host: 'evil.example' })).toBe(421);
    expect(await raw({ host: 'localhost:3000' })).toBe(200);
    expect(await raw({ 'sec-fetch-site': 'cross-site' }, 'POST')).toBe(403);
    expect(await raw({ 'sec-fetch-site': 'same-origin' }, 'POST')).toBe(404);
  });

  it('are named in no policy: no outside host, no inline script', async () => {
    for (const path of ['/', '/api/docs', '/api/v1/range']) {
      const { headers, text } = await got(path);
      expect(text.length).toBeGreaterThan(0);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    }
  });
});

it('tells Prometheus about routes, never about addresses', async () => {
  const text = await (await fetch(`${served.address}/metrics`)).text();
  expect(text).toMatch(
    /hoptime_http_request_seconds_count\{method="GET",route="\/api\/v1\/journeys\/:message_id",status="404"\} 1/,
  );
  expect(text).toContain('hoptime_store_queries{state="running"} 0');
  expect(text).not.toMatch(/sender\.example|@/);
  expect(await (await fetch(`${served.address}/health/ready`)).json()).toEqual({ status: 'ok' });
});

it('serves 200 clients at once without an error, each its own answer, failing queries beside them', async () => {
  const { answered, errors, grownBytes } = await clients(served, 200, { times: 1 });
  expect(errors).toEqual([]);
  expect(answered).toBe(200);
  expect(grownBytes).toBeLessThan(400 * 2 ** 20);
});

it('gives up what is asked when the client goes, and only then', async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const rows = served.pool.rows.bind(served.pool);
  const seen = jest.spyOn(served.pool, 'rows').mockImplementation((...asked) => {
    signals.push(asker.getStore());
    return rows(...asked);
  });
  await served.get('range');
  const held = hold();
  const gone = new AbortController();
  const asked = fetch(`${served.address}/api/v1/range`, { signal: gone.signal });
  await until(() => signals.length === 2);
  gone.abort();
  await expect(asked).rejects.toThrow('aborted');
  await until(() => signals[1]?.aborted === true);
  await held();
  seen.mockRestore();
  expect(signals.map((signal) => signal?.aborted)).toEqual([false, true]);
});

it('takes no failure of a client for one of its own when the client goes in the middle of an upload', async () => {
  const sent = request(`${served.address}/api/v1/ingest?name=half.log`, { method: 'POST' });
  sent.on('error', () => undefined);
  sent.setHeader('content-type', 'application/octet-stream');
  sent.write('Mar  2 11:00:00 mx1 postfix/qmgr[1]: 4XyZ123456z: removed\n'.repeat(10_000));
  await until(() => sent.socket?.writableLength === 0);
  sent.destroy();
  // What comes after it takes the same way, and begins when the other one is over.
  const answer = await fetch(`${served.address}/api/v1/ingest?name=whole.log`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: LOG,
  });
  expect(answer.status).toBe(200);
});

it('logged nothing', () => expect(served.log).toEqual([]));

it('answers 503 with Retry-After when more wait than may, and never loses a request', async () => {
  await served.close();
  served = await ServedStore.open({ running: 1, waiting: 2, seconds: 10, memoryBytes: 2 ** 30 });
  const held = hold();
  const refused: ProblemAnswer[] = [];
  const asked = Array.from({ length: 40 }, async () => {
    const answer = await served.get<api.Problem>('range');
    if (answer.status !== 200) refused.push(answer);
  });
  // one runs, two wait
  await until(() => refused.length === 37);
  expect(served.pool.load).toEqual({ running: 1, waiting: 2 });
  await held();
  await Promise.all(asked);
  expect(refused).toHaveLength(37);
  for (const { status, headers, body } of refused)
    expect([status, headers.get('retry-after'), body.title]).toEqual([503, '2', 'Service Unavailable']);
});
