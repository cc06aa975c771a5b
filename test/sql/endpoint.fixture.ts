import { request } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqlEndpoint } from '../../libs/http/sql-endpoint';
import { SqlServer } from '../../libs/http/sql-server';
import { SqlEngine, type SqlEngineOptions } from '../../libs/sql/sql-engine';
import { openSession } from '../../libs/store/engine-session';
import { Store } from '../../libs/store/store';
import { freePort } from '../support/free-port';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

const LIMITS: SqlEngineOptions = { maxSeconds: 5, maxMemory: 2 ** 30, maxResult: 2 ** 26 };

/** A store in a temporary folder with the SQL endpoint on a free port, and an open front to the same engine. */
export class SqlPlace {
  private constructor(
    readonly folder: string,
    readonly store: Store,
    readonly engine: SqlEngine,
    private readonly server: SqlServer,
  ) {}

  static async open(options: Partial<SqlEngineOptions> = {}): Promise<SqlPlace> {
    const folder = mkdtempSync(join(tmpdir(), 'hoptime-sql-'));
    const store = await Store.open(`chdb:${join(folder, 'store')}`);
    const engine = new SqlEngine(store, { ...LIMITS, ...options });
    const server = await SqlServer.listen(new SqlEndpoint(engine), '127.0.0.1', await freePort());
    return new SqlPlace(folder, store, engine, server);
  }

  get port(): number {
    return this.server.port;
  }

  /** Sends a statement as the body of a POST, with further parameters in the address. */
  ask(sql: string, parameters: Record<string, string> = {}): Promise<HttpAnswer> {
    return this.http('POST', `/?${new URLSearchParams(parameters).toString()}`, sql);
  }

  http(
    method: string,
    path: string,
    body: string | Buffer = '',
    headers: Record<string, string> = {},
  ): Promise<HttpAnswer> {
    return new Promise((done, fail) => {
      const asked = request({ host: '127.0.0.1', port: this.port, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () =>
          done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      asked.on('error', fail);
      asked.end(body);
    });
  }

  /** Text of a statement run with all rights, each time in a session of its own; the statements of `before` run first, those of `after` last. */
  async unguarded(sql: string, before: readonly string[] = [], after: readonly string[] = []): Promise<string[]> {
    const session = openSession(this.store.path);
    const answers: string[] = [];
    try {
      for (const statement of ['USE hoptime', ...before]) await session.queryAsync(statement);
      for (const statement of [sql, ...after]) {
        try {
          answers.push((await session.queryAsync(statement, { format: 'TSVRaw' })).text());
        } catch (error) {
          answers.push(`failed: ${String(error)}`);
        }
      }
      return answers;
    } finally {
      session.close();
    }
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.engine.close();
    await this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
