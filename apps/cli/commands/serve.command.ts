import { join } from 'node:path';
import { Command, Option } from 'nest-commander';
import { packageRoot, packageVersion } from '../../../libs/config/package-root';
import type { Config } from '../../../libs/config/config';
import type { LiveOptions } from '../../../libs/live/live-options';
import type { Store } from '../../../libs/store/store';
import type { StoreServer } from '../../../libs/store/store-server';
import type { WriteTurn } from '../../../libs/store/write-turn';
import { isTimeZone } from '../../../libs/trace/timestamp';
import { repeated, wholeNumber } from '../command';
import { UsageError } from '../failure';
import { note, print } from '../output';
import { correlatorOptions, StoreCommand, type StoreOptions } from '../store.command';

interface ServeOptions extends StoreOptions {
  host?: string;
  port?: string;
  watch?: string[];
  syslog?: SyslogAddress;
  timezone?: string;
}

interface SyslogAddress {
  readonly host?: string;
  readonly port: number;
}

@Command({
  name: 'serve',
  description: 'Dashboard and HTTP API of a store, watched folders and a syslog listener, until it is stopped',
})
export class ServeCommand extends StoreCommand {
  protected readonly examples = `
    hoptime serve
    hoptime serve --port 8080 --store-url chdb:/var/lib/hoptime
    hoptime serve --watch /var/log/mail --watch 'exports/*.csv' --timezone Europe/Berlin
    hoptime serve --syslog 0.0.0.0:5514`;

  async run(_arguments: string[], options: ServeOptions): Promise<void> {
    const flags = { HTTP_HOST: options.host, HTTP_PORT: options.port };
    await this.withStore(
      options,
      async (store, config) => {
        // Loaded here, so that no other command waits for the server.
        const { StoreServer } = await import('../../../libs/store/store-server.js');
        const { WriteTurn } = await import('../../../libs/store/write-turn.js');
        const turn = new WriteTurn();
        const shared = await StoreServer.listen(store.path, turn);
        try {
          await this.serve(store, config, options, turn, shared);
        } finally {
          await shared.close();
        }
      },
      flags,
      { own: true },
    );
  }

  private async serve(
    store: Store,
    config: Config,
    options: ServeOptions,
    turn: WriteTurn,
    shared: StoreServer,
  ): Promise<void> {
    const { IngestService } = await import('../../../libs/ingest/ingest.service.js');
    const { QueryPool } = await import('../../../libs/store/query-pool.js');
    const { isRollupBehind, refreshRollup } = await import('../../../libs/store/rollup.js');
    const { startServer } = await import('../../../libs/http/server.js');
    const { LiveModule } = await import('../../../libs/live/live.module.js');
    const { LiveService } = await import('../../../libs/live/live.service.js');
    const { ServeModule } = await import('../serve.module.js');
    const ingest = new IngestService(store, correlatorOptions(config));
    await turn.run(async () => {
      await ingest.catchUp();
      if (await isRollupBehind(store)) await refreshRollup(store);
    });
    const pool = new QueryPool(store.path);
    const settings = { version: packageVersion(), verdictThresholdMs: config.verdictThresholdMs };
    const root = ServeModule.of(
      { pool, ingest, turn, storePath: store.path, settings },
      LiveModule.over(store, turn, correlatorOptions(config)),
    );
    const { app, address } = await startServer(root, {
      host: config.httpHost,
      port: config.httpPort,
      dashboardFolder: join(packageRoot(), 'dist', 'apps', 'dashboard'),
      log: (line) => void note(`hoptime: ${line}`),
    });
    const live = app.get(LiveService, { strict: false });
    try {
      await live.start(liveOptions(options));
      for (const { name } of live.status().syslog) await note(`hoptime: listening as ${name}`);
      await print(`Hoptime is at ${address} (API: ${address}/api/docs). Ctrl-C ends it.\n`);
      await stopped();
    } finally {
      await app.close();
      await live.stop();
      // Another command may have the turn for long.
      await shared.close();
      // What changes the store is let come to its end: the store closes after it.
      await turn.run(() => pool.close());
    }
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

  @Option({
    flags: '--watch <path>',
    description: 'folder, glob or file whose logs and exports are read as they come and grow; may be repeated',
  })
  parseWatch(text: string, before: string[] | undefined): string[] {
    return repeated(text, before);
  }

  @Option({
    flags: '--syslog <address>',
    description:
      '[ADDRESS:]PORT to take syslog at, UDP and TCP; without an address 127.0.0.1 (the sender is not checked)',
  })
  parseSyslog(text: string): SyslogAddress {
    const [, host, port] = /^(?:\[?([^\]]*)\]?:)?(\d+)$/.exec(text) ?? [];
    return { host: host || undefined, port: wholeNumber('--syslog', port ?? text, 0, 65_535) };
  }

  @Option({
    flags: '--timezone <zone>',
    description: 'IANA zone of stamps without offset in what is watched and received',
  })
  parseTimezone(text: string): string {
    if (!isTimeZone(text))
      throw new UsageError(`--timezone: ${JSON.stringify(text)} is no time zone such as Europe/Berlin`);
    return text;
  }
}

function liveOptions({ watch, syslog, timezone }: ServeOptions): LiveOptions {
  return {
    watch,
    syslogHost: syslog?.host,
    syslogPort: syslog?.port,
    ingest: timezone === undefined ? {} : { timeZone: timezone },
    onNote: (sentence) => void note(`hoptime: ${sentence}`),
  };
}

/** Until the user or the service manager ends the program. */
function stopped(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}
