import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

/** A part that a worker needs, and why it does not work; null = it does. */
export interface PartHealth {
  readonly part: string;
  readonly failure: string | null;
}

export interface Operation {
  parts(): Promise<readonly PartHealth[]>;
  /** in the text format of Prometheus */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/**
 * For those who run a worker: `/health/live` (the process answers), `/health/ready` (200, or 503 with the part that is down) and `/metrics`. No mail
 * data, so no credentials.
 */
export class OperationServer {
  private server: Server | undefined;

  constructor(private readonly operation: Operation) {}

  /** Listens; answers host:port. @throws Error that says what to do where the port is taken */
  async start(host: string, port: number): Promise<string> {
    const server = createServer((request, response) => {
      void this.answer(request.method ?? '', (request.url ?? '').split('?')[0], response).catch(() =>
        response.destroy(),
      );
    });
    server.headersTimeout = server.requestTimeout = 10_000;
    const listening = once(server, 'listening');
    server.listen(port, host);
    try {
      await listening;
    } catch (error) {
      throw new Error(
        `health and metrics cannot be told at ${host}:${port}: set WORKER_PORT to a free port, 0 for any`,
        {
          cause: error,
        },
      );
    }
    this.server = server;
    const { address, port: bound } = server.address() as AddressInfo;
    return `${address.includes(':') ? `[${address}]` : address}:${bound}`;
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }

  private async answer(method: string, path: string, response: ServerResponse): Promise<void> {
    if (method !== 'GET' && method !== 'HEAD') return json(response, 405, { status: 'method not allowed' });
    if (path === '/health/live') return json(response, 200, { status: 'ok' });
    if (path === '/health/ready') {
      const parts = await this.operation.parts();
      const isReady = parts.every(({ failure }) => failure === null);
      return json(response, isReady ? 200 : 503, {
        status: isReady ? 'ok' : 'unavailable',
        parts: parts.map(({ part, failure }) => ({
          part,
          status: failure === null ? 'ok' : 'unavailable',
          ...(failure === null ? {} : { detail: failure }),
        })),
      });
    }
    if (path === '/metrics') {
      const { contentType, text } = await this.operation.metrics();
      response.writeHead(200, { 'content-type': contentType }).end(text);
      return;
    }
    json(response, 404, { status: 'not found', paths: ['/health/live', '/health/ready', '/metrics'] });
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
