import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { TrafficType } from './log-api';

const HOUR = 3_600_000;

/** A record of the stub's log, and from when on the API shows it (epoch ms): real ones come late. */
export interface StubRecord {
  readonly type: TrafficType;
  readonly shownFrom: number;
  readonly record: Readonly<Record<string, unknown>> & { readonly genTime: string };
}

/** One answer out of order: a status, a connection cut inside the body, or no answer. */
export interface Fault {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly cut?: boolean;
}

/** Trend's mail tracking API as formats.md §1.1 describes it: auth, windows, 72 hours, limits, URL-encoded tokens, 204, gzip. */
export class LogApiStub {
  readonly records: StubRecord[] = [];
  /** taken one by one, before anything else */
  readonly faults: Fault[] = [];
  /** query strings as they came */
  readonly requests: URLSearchParams[] = [];
  /** is told how many requests have come, before the last of them is answered */
  onRequest: (count: number) => void = () => undefined;
  /** an older token is refused with 400 */
  tokensSince = 0;
  /** each answer takes this long, ms */
  slowness = 0;

  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
    private readonly now: () => number,
  ) {}

  static async open(now: () => number, tls?: { key: string; cert: string }): Promise<LogApiStub> {
    const server = tls ? createHttps(tls) : createHttp();
    const stub = new LogApiStub(server, tls ? 'https' : 'http', now);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      setTimeout(() => stub.answer(request, response), stub.slowness);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return stub;
  }

  get root(): string {
    return `${this.scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.root);
    this.requests.push(url.searchParams);
    this.onRequest(this.requests.length);
    const fault = this.faults.shift();
    if (fault?.cut) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"nextToken":"","logs":[{"genTime":');
      setTimeout(() => response.destroy(), 5);
      return;
    }
    if (fault) return void response.writeHead(fault.status ?? 500, fault.headers).end(fault.body ?? '');
    if (url.pathname !== '/api/v1/log/mailtrackinglog') return void response.writeHead(404).end();
    const expected = `Basic ${Buffer.from('collector@corp.example:key/with+signs=').toString('base64')}`;
    if (request.headers.authorization !== expected) {
      return void response.writeHead(401).end(JSON.stringify({ message: `no such key: key/with+signs=` }));
    }
    const page = this.page(url.searchParams);
    if (typeof page === 'string') return void response.writeHead(400).end(JSON.stringify({ message: page }));
    if (page.logs.length === 0) return void response.writeHead(204).end();
    const body = gzipSync(JSON.stringify(page));
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(body);
  }

  private page(query: URLSearchParams): string | { nextToken: string; logs: unknown[] } {
    const time = (name: string): number =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(query.get(name) ?? '')
        ? Date.parse(query.get(name) ?? '')
        : NaN;
    const [type, start, end, limit] = [
      query.get('type'),
      time('start'),
      time('end'),
      Number(query.get('limit') ?? '500'),
    ];
    if (type !== 'accepted_traffic' && type !== 'blocked_traffic') return 'type';
    if (!(start < end) || start < this.now() - 72 * HOUR || !(limit >= 1 && limit <= 500)) return 'window or limit';
    const window = `${type} ${start} ${end} `;
    const token = query.get('token');
    const [said, offset, made] = token === null ? [window, 0, this.now()] : tokenParts(token);
    if (said !== window || made < this.tokensSince) return 'token';
    const all = this.records
      .filter((one) => one.type === type && one.shownFrom <= this.now())
      .map(({ record }) => record)
      .filter(({ genTime }) => Date.parse(genTime) >= start && Date.parse(genTime) <= end);
    const next = offset + limit;
    const nextToken = next < all.length ? encodeURIComponent(tokenOf(window, next, this.now())) : '';
    return { nextToken, logs: all.slice(offset, next) };
  }
}

/** Base64 has `+`, `/` and `=`, which a token that is decoded too often or too seldom loses. */
const tokenOf = (window: string, offset: number, made: number): string =>
  Buffer.from(JSON.stringify([window, offset, made, '>>>???'])).toString('base64');

function tokenParts(token: string): [string, number, number] {
  try {
    return JSON.parse(Buffer.from(token, 'base64').toString()) as [string, number, number];
  } catch {
    return ['', 0, 0];
  }
}

/** A delivered mail, or a blocked attempt, whose record was written at `time`; `shownFrom` when the API has it. */
export function stubRecord(type: TrafficType, n: number, time: number, shownFrom = time): StubRecord {
  const at = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const envelope = { sender: `s${n}@partner.example`, recipient: `r${n % 7}@corp.example`, direction: 'in' };
  const id = { messageID: `<m${n}@partner.example>`, mailID: `0000-${n}` };
  const record =
    type === 'accepted_traffic'
      ? {
          genTime: at(time),
          timestamp: at(time - 9000),
          deliveryTime: at(time - 4000),
          ...envelope,
          ...id,
          action: 'Delivered',
        }
      : { genTime: at(time), timestamp: at(time), ...envelope, action: 'Blocked', reason: 'ERS', messageID: '' };
  return { type, shownFrom, record };
}
