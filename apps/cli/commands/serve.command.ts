import { Command, Option } from 'nest-commander';
import { isTimeZone } from '../../../libs/trace/timestamp';
import { repeated, wholeNumber } from '../command';
import { UsageError } from '../failure';
import { serveStore } from '../serving';
import { StoreCommand, type StoreOptions } from '../store.command';

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
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime serve
    hoptime serve --port 8080 --store-url chdb:/var/lib/hoptime
    hoptime serve --watch /var/log/mail --watch 'exports/*.csv' --timezone Europe/Berlin
    hoptime serve --syslog 0.0.0.0:5514`;

  async run(_arguments: string[], options: ServeOptions): Promise<void> {
    const flags = { HTTP_HOST: options.host, HTTP_PORT: options.port };
    const { watch, syslog, timezone } = options;
    await this.withStore(
      options,
      (store, config) =>
        serveStore(store, config, {
          watch,
          syslogHost: syslog?.host,
          syslogPort: syslog?.port,
          ingest: timezone === undefined ? {} : { timeZone: timezone },
        }),
      flags,
      { own: true, retrySeconds: Infinity },
    );
  }

  @Option({
    flags: '--host <address>',
    description:
      'address to listen at; at any but a loopback address requests need an API key (default: HTTP_HOST, else 127.0.0.1)',
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
