import { join } from 'node:path';
import { packageRoot, packageVersion } from '../../libs/config/package-root';
import { collectRarely, isLoopback, type Config } from '../../libs/config/config';
import { correlatorOptions } from '../../libs/ingest/correlator-options';
import type { LiveOptions } from '../../libs/live/live-options';
import type { LiveStatus } from '../../libs/live/live-status';
import type { Oidc } from '../../libs/access/oidc';
import type { AccessControl } from '../../libs/access/access-control';
import { withoutAddresses } from '../../libs/trace/without-addresses';
import type { Store } from '../../libs/store/store';
import { note, print } from './output';
import { sqlLimits } from './store.command';

/**
 * Serves a store until the user or the service manager ends the program: dashboard, HTTP API, live input, and other commands that find the
 * store held. What it needs is loaded here, so that no other command waits for the server.
 * @param orAnyPort take any free port where the configured one is in use
 */
export async function serveStore(
  store: Store,
  config: Config,
  live: Omit<LiveOptions, 'onNote'> = {},
  orAnyPort = false,
): Promise<void> {
  collectRarely();
  const { IngestService } = await import('../../libs/ingest/ingest.service.js');
  const { QueryPool } = await import('../../libs/store/query-pool.js');
  const { setMerges } = await import('../../libs/store/merges.js');
  const { catchUpRollup, rollupState } = await import('../../libs/store/rollup.js');
  const { StoreServer } = await import('../../libs/store/store-server.js');
  const { WriteTurn } = await import('../../libs/store/write-turn.js');
  const { answerAsked } = await import('../../libs/sql/ask-store.js');
  const { SqlEngine } = await import('../../libs/sql/sql-engine.js');
  const { SqlEndpoint } = await import('../../libs/http/sql-endpoint.js');
  const { listenForSql } = await import('../../libs/http/sql-server.js');
  const { TlsFiles } = await import('../../libs/http/tls-files.js');
  const { startServer } = await import('../../libs/http/server.js');
  const { DelaysController } = await import('../../libs/http/delays.controller.js');
  const { warmUp } = await import('../../libs/http/warm-up.js');
  const { CollectCheckpoints } = await import('../../libs/collect/collect-checkpoints.js');
  const { CollectService } = await import('../../libs/collect/collect.service.js');
  const { RetentionService } = await import('../../libs/privacy/retention.service.js');
  const { reportingOf } = await import('../../libs/report/reporting.js');
  const { LiveModule } = await import('../../libs/live/live.module.js');
  const { LiveService } = await import('../../libs/live/live.service.js');
  const { ServeModule } = await import('./serve.module.js');
  const turn = new WriteTurn((work) => store.inTurn(work));
  // A server's store is reached by every command itself.
  // Of a server's store, SQL clients ask the server itself.
  const sql = store.server ? undefined : new SqlEngine(store, sqlLimits(config));
  const shared = sql && (await StoreServer.listen(store, turn, answerAsked(sql)));
  try {
    const correlation = { ...correlatorOptions(config), rollup: true };
    const ingest = new IngestService(store, correlation);
    await turn.run(async () => {
      await ingest.catchUp();
      if ((await rollupState(store)) === 'behind')
        await note('hoptime: adding up the figures of all journeys, which may take minutes');
      await catchUpRollup(store);
      await setMerges(store, 'all');
    });
    const pool = new QueryPool(store);
    const { verdictThresholdMs, hesNetworks, resolver } = config;
    const settings = { version: packageVersion(), verdictThresholdMs, hesNetworks, resolver };
    const liveSource: { status: () => LiveStatus | null } = { status: () => null };
    const access = isLoopback(config.httpHost) ? undefined : await accessControl(store, config);
    const endpoint = sql && new SqlEndpoint(sql, access);
    const told = (sentence: string): void => void note(`hoptime: ${withoutAddresses(sentence)}`);
    const tls = config.tls && new TlsFiles(config.tls.cert, config.tls.key, told);
    const { issuer, schedule } = reportingOf(store, turn, ingest, config, told);
    const root = ServeModule.of(
      { issuer, pool, ingest, turn, storePath: store.path, settings, live: liveSource },
      LiveModule.over(store, turn, correlation),
    );
    const { app, address } = await startServer(root, {
      host: config.httpHost,
      port: config.httpPort,
      orAnyPort,
      dashboardFolder: join(packageRoot(), 'dist', 'apps', 'dashboard'),
      sql: endpoint,
      access,
      tls,
      secureCookies: config.oidc?.redirectUri.startsWith('https:'),
      log: told,
    });
    const sqlServer = endpoint && (await listenForSql(endpoint, config, tls, told));
    const service = app.get(LiveService, { strict: false });
    liveSource.status = () => service.status();
    const retention = new RetentionService({
      store,
      ingest,
      inTurn: (work) => turn.run(work),
      options: { days: config.retentionDays },
      onNote: told,
    });
    const collected = {
      books: new CollectCheckpoints(store),
      pseudonyms: store.pseudonyms,
      folder: store.path,
      inTurn: <T>(work: () => Promise<T>) => turn.run(work),
      read: (files: readonly string[]) => ingest.ingest([...files], { format: 'trend-email-security' }),
    };
    const collecting = new CollectService(collected, told);
    try {
      await service.start({ ...live, onNote: told });
      schedule.start();
      if (config.tmes) collecting.start(config.tmes);
      retention.start();
      for (const { name } of service.status().syslog) await note(`hoptime: listening as ${name}`);
      const sqlAddress = sqlServer
        ? `${tls ? 'https' : 'http'}://${config.httpHost}:${sqlServer.port}`
        : `${address}/sql`;
      await warmUp(pool, app.get(DelaysController, { strict: false }));
      const more = endpoint ? `, SQL: ${sqlAddress}` : '';
      await print(`Hoptime is at ${address} (API: ${address}/api/docs${more}). Ctrl-C ends it.\n`);
      await stopped();
    } finally {
      // Another command may have the turn for long, and all that follows waits for it.
      await shared?.close();
      tls?.close();
      await sqlServer?.close();
      await app.close();
      await schedule.stop();
      await collecting.stop();
      await retention.stop();
      await service.stop();
      // What changes the store is let come to its end: the store closes after it.
      await turn.run(() => pool.close());
      await sql?.close();
      await access?.audit.flush();
    }
  } finally {
    await shared?.close();
  }
}

/** Who may do what at an address that others reach. */
async function accessControl(store: Store, config: Config): Promise<AccessControl> {
  const { AccessControl } = await import('../../libs/access/access-control.js');
  const { ApiKeyRepository } = await import('../../libs/access/api-key.repository.js');
  const { AuditLog } = await import('../../libs/access/audit-log.js');
  const keys = new ApiKeyRepository(store);
  if (!config.oidc && !(await keys.all()).some(({ revoked }) => !revoked))
    await note('hoptime: nobody has an API key yet, so nobody may ask: hoptime keys create --name NAME --role viewer');
  if (!config.tls)
    await note(
      'hoptime: keys and mail travel unencrypted: set TLS_CERT and TLS_KEY, or put a proxy that speaks TLS before this server',
    );
  const { RateLimit } = await import('../../libs/access/rate-limit.js');
  const audit = new AuditLog(store, (sentence) => void note(`hoptime: ${withoutAddresses(sentence)}`));
  // Loaded where it is wanted only: most have no identity provider.
  const oidc = config.oidc && (await oidcOf(store, config.oidc));
  return new AccessControl(keys, audit, Date.now, new RateLimit(config.rateLimit), oidc);
}

async function oidcOf(store: Store, config: NonNullable<Config['oidc']>): Promise<Oidc> {
  const { SessionRepository } = await import('../../libs/access/session.repository.js');
  return new (await import('../../libs/access/oidc.js')).Oidc(config, new SessionRepository(store));
}

function stopped(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}
