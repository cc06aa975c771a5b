import { parseArgs } from 'node:util';
import { ConfigError } from '../../libs/config/config';
import type { Sources } from '../../libs/worker/worker';
import { isTimeZone } from '../../libs/trace/timestamp';

export const HELP = `Usage: node dist/apps/worker/main.js [options] [PATH…]

One process of the distributed set-up. WORKER_ROLE says which: collector, writer, correlator, api, or all (the default) in one process.
PATHs are read once (files, folders, globs); a collector with nothing else to do then ends. With TMES_API_URL, TMES_USER and
TMES_API_KEY a collector asks Trend's API too: give them to one collector.

  --watch PATH        folder, glob or file whose logs and exports are read as they come and grow; may be repeated
  --syslog [ADDRESS:]PORT   take syslog there, UDP and TCP
  --format NAME       format of all files; without, detected per file
  --timezone ZONE     IANA zone of stamps without offset
  --year YEAR         year of stamps without one
  --mta NAME          name of the MTA, when the log does not say it
  --help

Examples:
  WORKER_ROLE=collector BUS_URL=kafka://kafka:9092 node dist/apps/worker/main.js --watch /var/log/mail --syslog 0.0.0.0:5514
  WORKER_ROLE=writer BUS_URL=kafka://kafka:9092 STORE_URL=http://hoptime:…@clickhouse:8123/hoptime_store node dist/apps/worker/main.js
  WORKER_ROLE=all BUS_URL=kafka://kafka:9092 node dist/apps/worker/main.js --watch /var/log/mail

Exit codes: 0 done or stopped, 1 failed, 2 wrong usage. Configuration: environment or .env, see docs/configuration.md.
`;

/** What the command line names to be read; undefined = the help is asked for. @throws ConfigError */
export function sourcesOf(argv: readonly string[]): Sources | undefined {
  const { values, positionals } = parsed(argv);
  if (values.help) return undefined;
  const { watch = [], syslog, timezone, year, mta, format } = values;
  const [, host, port] = /^(?:\[?([^\]]*)\]?:)?(\d+)$/.exec(syslog ?? '') ?? [];
  const problems: string[] = [];
  if (syslog !== undefined && (port === undefined || Number(port) > 65_535))
    problems.push(`--syslog: ${JSON.stringify(syslog)} is no [ADDRESS:]PORT`);
  if (timezone !== undefined && !isTimeZone(timezone))
    problems.push(`--timezone: ${JSON.stringify(timezone)} is no time zone such as Europe/Berlin`);
  if (year !== undefined && !/^\d{4}$/.test(year)) problems.push(`--year: ${JSON.stringify(year)} is no year`);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    paths: positionals,
    watch,
    syslogHost: host || undefined,
    syslogPort: port === undefined ? undefined : Number(port),
    options: { format, timeZone: timezone, year: year === undefined ? undefined : Number(year), mta },
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        watch: { type: 'string', multiple: true },
        syslog: { type: 'string' },
        format: { type: 'string' },
        timezone: { type: 'string' },
        year: { type: 'string' },
        mta: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new ConfigError([`${error instanceof Error ? error.message : String(error)}; try --help`]);
  }
}
