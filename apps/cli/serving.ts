import { join } from 'node:path';
import { packageRoot, packageVersion } from '../../libs/config/package-root';
import type { Config } from '../../libs/config/config';
import type { LiveOptions } from '../../libs/live/live-options';
import type { LiveStatus } from '../../libs/live/live-status';
import type { Store } from '../../libs/store/store';
import { note, print } from './output';
import { correlatorOptions } from './store.command';

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
  const { IngestService } = await import('../../libs/ingest/ingest.service.js');
  const { QueryPool } = await import('../../libs/store/query-pool.js');
  const { setMerges } = await import('../../libs/store/merges.js');
  const { catchUpRollup } = await import('../../libs/store/rollup.js');
  const { StoreServer } = await import('../../libs/store/store-server.js');
  const { WriteTurn } = await import('../../libs/store/write-turn.js');
  const { startServer } = await import('../../libs/http/server.js');
  const { CollectService } = await import('../../libs/collect/collect.service.js');
  const { LiveModule } = await import('../../libs/live/live.module.js');
  const { LiveService } = await import('../../libs/live/live.service.js');
  const { ServeModule } = await import('./serve.module.js');
  const turn = new WriteTurn((work) => store.inTurn(work));
  // A server's store is reached by every command itself.
  const shared = store.server ? undefined : await StoreServer.listen(store, turn);
  try {
    const correlation = { ...correlatorOptions(config), rollup: true };
    const ingest = new IngestService(store, correlation);
    await turn.run(async () => {
      await ingest.catchUp();
      await catchUpRollup(store);
      await setMerges(store, 'all');
    });
    const pool = new QueryPool(store);
    const { verdictThresholdMs, hesNetworks, resolver } = config;
    const settings = { version: packageVersion(), verdictThresholdMs, hesNetworks, resolver };
    const liveSource: { status: () => LiveStatus | null } = { status: () => null };
    const root = ServeModule.of(
      { pool, ingest, turn, storePath: store.path, settings, live: liveSource },
      LiveModule.over(store, turn, correlation),
    );
    const { app, address } = await startServer(root, {
      host: config.httpHost,
      port: config.httpPort,
      orAnyPort,
      dashboardFolder: join(packageRoot(), 'dist', 'apps', 'dashboard'),
      log: (line) => void note(`hoptime: ${line}`),
    });
    const service = app.get(LiveService, { strict: false });
    liveSource.status = () => service.status();
    const told = (sentence: string): void => void note(`hoptime: ${sentence}`);
    const collecting = new CollectService(store, ingest, turn, store.path, told);
    try {
      await service.start({ ...live, onNote: told });
      if (config.tmes) collecting.start(config.tmes);
      for (const { name } of service.status().syslog) await note(`hoptime: listening as ${name}`);
      await print(`Hoptime is at ${address} (API: ${address}/api/docs). Ctrl-C ends it.\n`);
      await stopped();
    } finally {
      // Another command may have the turn for long, and all that follows waits for it.
      await shared?.close();
      await app.close();
      await collecting.stop();
      await service.stop();
      // What changes the store is let come to its end: the store closes after it.
      await turn.run(() => pool.close());
    }
  } finally {
    await shared?.close();
  }
}

function stopped(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}
