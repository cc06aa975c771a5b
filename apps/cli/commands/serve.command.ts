import { join } from 'node:path';
import { Command, Option } from 'nest-commander';
import { packageRoot, packageVersion } from '../../../libs/config/package-root';
import { note, print } from '../output';
import { correlatorOptions, StoreCommand, type StoreOptions } from '../store.command';

interface ServeOptions extends StoreOptions {
  host?: string;
  port?: string;
}

@Command({
  name: 'serve',
  description: 'Dashboard and HTTP API of a store, until it is stopped',
})
export class ServeCommand extends StoreCommand {
  protected readonly examples = `
    hoptime serve
    hoptime serve --port 8080 --store-url chdb:/var/lib/hoptime`;

  async run(_arguments: string[], options: ServeOptions): Promise<void> {
    const flags = { HTTP_HOST: options.host, HTTP_PORT: options.port };
    await this.withStore(
      options,
      async (store, config) => {
        // Loaded here, so that no other command waits for the server.
        const { IngestService } = await import('../../../libs/ingest/ingest.service.js');
        const { QueryPool } = await import('../../../libs/store/query-pool.js');
        const { WriteTurn } = await import('../../../libs/store/write-turn.js');
        const { startServer } = await import('../../../libs/http/server.js');
        const { ServeModule } = await import('../serve.module.js');
        const ingest = new IngestService(store, correlatorOptions(config));
        await ingest.catchUp();
        const pool = new QueryPool(store.path);
        const turn = new WriteTurn();
        const settings = { version: packageVersion(), verdictThresholdMs: config.verdictThresholdMs };
        const root = ServeModule.of({ pool, ingest, turn, storePath: store.path, settings });
        const { app, address } = await startServer(root, {
          host: config.httpHost,
          port: config.httpPort,
          dashboardFolder: join(packageRoot(), 'dist', 'apps', 'dashboard'),
          log: (line) => void note(`hoptime: ${line}`),
        });
        try {
          await print(`Hoptime is at ${address} (API: ${address}/api/docs). Ctrl-C ends it.\n`);
          await stopped();
        } finally {
          await app.close();
          // What changes the store is let come to its end: the store closes after it.
          await turn.run(() => pool.close());
        }
      },
      flags,
    );
  }

  @Option({
    flags: '--host <address>',
    description: 'loopback address to listen at (default: HTTP_HOST, else 127.0.0.1)',
  })
  parseHost(text: string): string {
    return text;
  }

  @Option({ flags: '--port <port>', description: 'port, 0 for any free one (default: HTTP_PORT, else 3000)' })
  parsePort(text: string): string {
    return text;
  }
}

/** Until the user or the service manager ends the program. */
function stopped(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}
