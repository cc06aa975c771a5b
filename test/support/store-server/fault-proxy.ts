import {
  createServer,
  request as ask,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What goes wrong with one request:
 * - `cut request`: the connection is reset in the middle of the request's body, and the server sees nothing of it whole
 * - `cut answer`: the server does it, and the connection is reset before the answer
 * - `half answer`: the server does it, and the connection is reset in the middle of the answer
 * - `slow`: the answer comes after a while
 * - a code: the answer is an error of ClickHouse with that code, and the server sees nothing
 * - `bad gateway`: status 502 with a page of a proxy
 */
export type Fault = 'cut request' | 'cut answer' | 'half answer' | 'slow' | 'bad gateway' | number;

interface Rule {
  readonly statement: RegExp;
  readonly fault: Fault;
  left: number;
}

const SLOW_MS = 300;

/** Stands between a client and a store server and lets requests go wrong, by rule. A request that no rule names passes. */
export class FaultProxy {
  private rules: Rule[] = [];
  private server: Server | undefined;
  /** faults that happened, by kind */
  readonly happened: Record<string, number> = {};
  port = 0;

  constructor(private readonly target: { readonly port: number }) {}

  async open(): Promise<void> {
    const server = createServer({ maxHeaderSize: 2 ** 20 }, (request, response) => {
      this.pass(request, response).catch(() => response.destroy());
    });
    this.server = server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
  }

  /** Nobody listens any more, and what was connected is reset. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise((closed) => (server ? server.close(closed) : closed(undefined)));
  }

  /** Lets the next `times` requests whose statement matches go wrong. */
  fail(statement: RegExp, fault: Fault, times = 1): void {
    this.rules.push({ statement, fault, left: times });
  }

  heal(): void {
    this.rules = [];
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams.get('query') ?? '';
    const body = await buffer(request);
    const statement = query || body.toString('utf8', 0, 2000);
    const rule = this.rules.find(({ left, statement: form }) => left > 0 && form.test(statement));
    if (rule) {
      rule.left--;
      this.happened[rule.fault] = (this.happened[rule.fault] ?? 0) + 1;
    }
    const fault = rule?.fault;
    if (fault === 'cut request') return void request.socket.resetAndDestroy();
    if (fault === 'bad gateway') return void response.writeHead(502).end('<html>Bad Gateway</html>');
    if (typeof fault === 'number') {
      response.writeHead(500, { 'x-clickhouse-exception-code': String(fault) });
      return void response.end(
        `Code: ${fault}. DB::Exception: said by the proxy. (FAULT_OF_THE_TEST) (version 26.7.2.1)\n`,
      );
    }
    const { headers, method, url: path } = request;
    const forward = ask({ host: '127.0.0.1', port: this.target.port, method, path, headers });
    forward.end(body);
    const [answer] = (await once(forward, 'response')) as [IncomingMessage];
    const bytes = await buffer(answer);
    if (fault === 'slow') await sleep(SLOW_MS);
    if (fault === 'cut answer') return void request.socket.resetAndDestroy();
    const kept: Record<string, unknown> = { ...answer.headers, 'content-length': String(bytes.length) };
    delete kept['transfer-encoding'];
    response.writeHead(answer.statusCode ?? 500, kept as OutgoingHttpHeaders);
    if (fault !== 'half answer') return void response.end(bytes);
    response.write(bytes.subarray(0, bytes.length >> 1));
    // What was written goes out first.
    await sleep(20);
    request.socket.resetAndDestroy();
  }
}
