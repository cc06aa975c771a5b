import { join } from 'node:path';
import { AccessControl } from '../access/access-control';
import { ApiKeyRepository } from '../access/api-key.repository';
import { AuditLog } from '../access/audit-log';
import { Oidc } from '../access/oidc';
import { RateLimit } from '../access/rate-limit';
import { SessionRepository } from '../access/session.repository';
import { collectRarely, isLoopback } from '../config/config';
import { packageRoot, packageVersion } from '../config/package-root';
import { ApiModule } from '../http/api.module';
import { startServer } from '../http/server';
import { SqlEndpoint } from '../http/sql-endpoint';
import { listenForSql } from '../http/sql-server';
import { TlsFiles } from '../http/tls-files';
import { IngestService } from '../ingest/ingest.service';
import type { LiveStatus } from '../live/live-status';
import { reportingOf } from '../report/reporting';
import { answerAsked } from '../sql/ask-store';
import { SqlEngine } from '../sql/sql-engine';
import { QueryPool } from '../store/query-pool';
import type { Store } from '../store/store';
import { StoreServer } from '../store/store-server';
import type { WriteTurn } from '../store/write-turn';
import type { WorkerParts } from './worker';

/** The worker's part that answers: API, dashboard, scheduled reports; where the store is this process's own, SQL and other commands too. */
export class Answering {
  private readonly closing: (() => Promise<unknown>)[] = [];

  /** @param live what the collector of this process does; null = it has none */
  constructor(
    private readonly parts: Pick<WorkerParts, 'config' | 'correlation' | 'note' | 'bus'>,
    private readonly store: Store,
    private readonly turn: WriteTurn,
    private readonly live: () => LiveStatus | null,
  ) {}

  /** Resolves when it listens. @throws what hinders it: a port in use, a certificate that cannot be read */
  async start(): Promise<void> {
    collectRarely();
    const { store } = this;
    const { config, correlation, note, bus } = this.parts;
    const pool = new QueryPool(store);
    const { verdictThresholdMs, hesNetworks, resolver } = config;
    const ingest = new IngestService(store, correlation, bus.isDurable && store.server ? bus : undefined);
    const { issuer, schedule } = reportingOf(store, this.turn, ingest, config, note);
    const api = ApiModule.of({
      pool,
      ingest,
      issuer,
      turn: this.turn,
      storePath: store.path,
      settings: { version: packageVersion(), verdictThresholdMs, hesNetworks, resolver },
      live: { status: this.live },
    });
    const sql = store.server ? undefined : this.sqlEngine();
    if (sql) {
      const shared = await StoreServer.listen(store, this.turn, answerAsked(sql));
      this.closing.push(async () => {
        await shared.close();
        await sql.close();
      });
    }
    const audit = new AuditLog(store, note);
    const oidc = config.oidc && new Oidc(config.oidc, new SessionRepository(store));
    const access = isLoopback(config.httpHost)
      ? undefined
      : new AccessControl(new ApiKeyRepository(store), audit, Date.now, new RateLimit(config.rateLimit), oidc);
    const tls = config.tls && new TlsFiles(config.tls.cert, config.tls.key, note);
    const endpoint = sql && new SqlEndpoint(sql, access);
    const { app, address } = await startServer(api, {
      access,
      tls,
      secureCookies: config.oidc?.redirectUri.startsWith('https:'),
      host: config.httpHost,
      port: config.httpPort,
      dashboardFolder: join(packageRoot(), 'dist', 'apps', 'dashboard'),
      sql: endpoint,
      log: (line) => note(line),
    });
    const sqlServer = endpoint && (await listenForSql(endpoint, config, tls, note));
    const more = sqlServer ? `, SQL: ${tls ? 'https' : 'http'}://${config.httpHost}:${sqlServer.port}` : '';
    note(`Hoptime is at ${address}${more}`);
    schedule.start();
    this.closing.push(async () => {
      tls?.close();
      await sqlServer?.close();
      await schedule.stop();
      await app.close();
      await pool.close();
      await audit.flush();
    });
  }

  /** Answers what was asked, and takes nothing more. */
  async stop(): Promise<void> {
    for (const close of this.closing.reverse()) await close().catch(() => undefined);
  }

  private sqlEngine(): SqlEngine {
    const { sqlMaxSeconds, sqlMaxMemory, sqlMaxResult } = this.parts.config;
    return new SqlEngine(this.store, { maxSeconds: sqlMaxSeconds, maxMemory: sqlMaxMemory, maxResult: sqlMaxResult });
  }
}
