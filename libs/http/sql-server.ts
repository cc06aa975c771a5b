import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config';
import { type SqlEndpoint } from './sql-endpoint';
import type { TlsFiles } from './tls-files';
import { MOST_STATEMENT_BYTES } from './sql-request';

/** So long may a client send or take nothing before it is cut off; so long may it keep a connection without a request. */
const IDLE_MS = 120_000;
const KEEP_ALIVE_MS = 10_000;
const MOST_CONNECTIONS = 512;
/** ClickHouse takes statements in the address; the system's own limit is far below. */
const MOST_HEADER_BYTES = MOST_STATEMENT_BYTES;
const PATHS = ['/', '/ping'];

/** The SQL endpoint at `/sql` of the API. */
export function serveSql(server: FastifyInstance, endpoint: SqlEndpoint): void {
  for (const url of ['/sql', '/sql/', '/sql/ping', '/ping']) {
    server.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url,
      bodyLimit: 2 ** 30,
      handler: (request, reply) => {
        reply.hijack();
        void endpoint.handle(request.raw, reply.raw);
      },
    });
  }
}

/** The SQL endpoint at `/` of a port of its own: some clients cannot carry a path. */
export class SqlServer {
  private constructor(
    private readonly server: Server | TlsServer,
    /** the port listened at */
    readonly port: number,
  ) {}

  /** @throws the system's error where the port is taken (EADDRINUSE) or may not be had */
  static async listen(endpoint: SqlEndpoint, host: string, port: number, tls?: TlsFiles): Promise<SqlServer> {
    const limits = { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MOST_HEADER_BYTES };
    const answer: RequestListener = (request, response) => {
      const path = (request.url ?? '/').split('?', 1)[0];
      if (PATHS.includes(path)) void endpoint.handle(request, response);
      else response.writeHead(404, { 'content-type': 'text/plain; charset=UTF-8' }).end(`There is no handle ${path}\n`);
    };
    const server = tls ? createTlsServer({ ...limits, ...tls.pair }, answer) : createServer(limits, answer);
    if (server instanceof TlsServer) tls?.renew(server);
    server.maxConnections = MOST_CONNECTIONS;
    server.setTimeout(IDLE_MS);
    server.listen(port, host);
    await once(server, 'listening');
    return new SqlServer(server, (server.address() as AddressInfo).port);
  }

  /** Takes no more requests and cuts off those at work. */
  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

/**
 * The SQL endpoint at its own port; undefined where that is 0, or taken, which is said: the rest serves all the same.
 * @param note takes a sentence for whoever runs the program
 */
export async function listenForSql(
  endpoint: SqlEndpoint,
  { httpHost, sqlPort }: Pick<Config, 'httpHost' | 'sqlPort'>,
  tls: TlsFiles | undefined,
  note: (sentence: string) => void,
): Promise<SqlServer | undefined> {
  if (sqlPort === 0) return undefined;
  try {
    return await SqlServer.listen(endpoint, httpHost, sqlPort, tls);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be had (${code})`;
    note(`port ${sqlPort} for SQL ${why}: SQL is answered at /sql only. Choose another with SQL_PORT, 0 for none`);
    return undefined;
  }
}
