import { isIP } from 'node:net';
import { z } from 'zod';
import { parseBusUrl } from './bus-url';
import { parseRetentionDays, RETAINED } from './retention-days';
import { parseStoreUrl } from './store-url';

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
};

/** `2 GiB`, `256MiB`, `1000` → bytes; undefined when it is no size. Decimal (MB) and binary (MiB) units, case does not matter. */
export function parseSize(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  if (!match) return undefined;
  const factor = UNITS[(match[2] || 'B').toUpperCase()];
  const bytes = Math.round(Number(match[1]) * (factor ?? NaN));
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

/** True for `192.0.2.0/24`, `192.0.2.7`, `2001:db8::/32`. */
export function isNetwork(text: string): boolean {
  const [address, prefix, rest] = text.split('/');
  if (rest !== undefined) return false;
  const isV4 = z.ipv4().safeParse(address).success;
  if (!isV4 && !z.ipv6().safeParse(address).success) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (isV4 ? 32 : 128));
}

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .trim()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number);

const size = z.string().transform((text, context) => {
  const bytes = parseSize(text);
  if (bytes !== undefined) return bytes;
  context.addIssue({ code: 'custom', message: 'must be a size such as 512 MiB or 2 GiB' });
  return z.NEVER;
});

const storeUrl = z
  .string()
  .trim()
  .superRefine((url, context) => {
    const parsed = parseStoreUrl(url);
    if ('problem' in parsed) context.addIssue({ code: 'custom', message: parsed.problem });
  });

const busUrl = z
  .string()
  .trim()
  .transform((url, context) => {
    const parsed = parseBusUrl(url);
    if (!('problem' in parsed)) return parsed;
    context.addIssue({ code: 'custom', message: parsed.problem });
    return z.NEVER;
  });

const networks = z.string().transform((text, context) => {
  const list = text.split(/[\s,]+/).filter(Boolean);
  const wrong = list.filter((network) => !isNetwork(network));
  if (wrong.length > 0)
    context.addIssue({ code: 'custom', message: `not an address or CIDR range: ${wrong.join(', ')}` });
  return list;
});

const nameServer = z
  .string()
  .trim()
  .refine((text) => text === '' || isNameServer(text), {
    error:
      'must be the IP address of a name server, with or without port: 192.0.2.53, 127.0.0.1:5353, [2001:db8::53]:53',
  });

/** True for an IP address with or without port, in the form that `Resolver.setServers` of node:dns takes. */
function isNameServer(text: string): boolean {
  const [, inBrackets, port6, plain, port4] =
    /^(?:\[([^\]]+)\](?::(\d{1,5}))?|([^:]+)(?::(\d{1,5}))?)$/.exec(text) ?? [];
  const isV6 = inBrackets !== undefined || (text.includes('::') && z.ipv6().safeParse(text).success);
  const address = isV6 ? (inBrackets ?? text) : plain;
  const port = Number(port6 ?? port4 ?? '53');
  return (isV6 ? z.ipv6() : z.ipv4()).safeParse(address).success && port >= 1 && port <= 65_535;
}

const apiRoot = z
  .string()
  .trim()
  .superRefine((text, context) => {
    if (text === '') return;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isLocal = url !== undefined && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
    if (url?.protocol === 'https:' || (isLocal && url?.protocol === 'http:')) {
      if (url.username === '' && url.password === '') return;
      context.addIssue({
        code: 'custom',
        message: 'must not hold the credentials: they go into TMES_USER and TMES_API_KEY',
      });
    } else {
      const message = 'must be the https: root of the API, for example https://api.tmes.trendmicro.com';
      context.addIssue({ code: 'custom', message });
    }
  });

const issuerUrl = z
  .string()
  .trim()
  .refine((text) => {
    if (text === '') return true;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isLocal = url !== undefined && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
    return url?.protocol === 'https:' || (isLocal && url.protocol === 'http:');
  }, 'must be the https: address of an issuer');

const listenAddress = z
  .string()
  .trim()
  .refine((text) => text === 'localhost' || isIP(text) !== 0, {
    error: 'must be an address of this machine such as 127.0.0.1, or 0.0.0.0 for all of them',
  });

/** One value of the configuration: its variable is the key, its flag the same in lower case with hyphens (`STORE_URL`, `--store-url`). */
export interface ConfigValue<T = unknown> {
  readonly schema: z.ZodType<T, string>;
  /** text as a user would write it; '' means not set */
  readonly initial: string;
  /** one sentence for help and `.env.example` */
  readonly meaning: string;
}

const value = <T>(schema: z.ZodType<T, string>, initial: string, meaning: string): ConfigValue<T> => ({
  schema,
  initial,
  meaning,
});

/** The whole configuration, interfaces.md §2: every value that this version reads. */
export const CONFIG_VALUES = {
  STORE_URL: value(
    storeUrl,
    'chdb:./hoptime-data',
    'Where the data lie: chdb:PATH for the embedded engine, or http(s)://USER:PASSWORD@HOST:8123/DATABASE for a ClickHouse server (several hosts by commas, ?cluster=NAME).',
  ),
  BUS_URL: value(
    busUrl,
    'memory:',
    'How workers hand over records: memory: in one process, or kafka://HOST:9092,HOST:9092/?topic-prefix=hoptime. (partitions=, replication=, tls=1, tls-ca=FILE, sasl=plain|scram-sha-256|scram-sha-512).',
  ),
  BUS_USERNAME: value(z.string(), '', 'User at the Kafka brokers, where BUS_URL says sasl.'),
  BUS_PASSWORD: value(z.string(), '', 'Password at the Kafka brokers, where BUS_URL says sasl.'),
  WORKER_ROLE: value(
    z.enum(['collector', 'writer', 'correlator', 'api', 'all']),
    'all',
    'What a worker does: collector (files and syslog to the bus), writer (bus to store), correlator (events to journeys), api, or all.',
  ),
  WORKER_HOST: value(
    z.string().trim().min(1),
    '127.0.0.1',
    'Address at which a worker tells its health and metrics; they hold no mail data.',
  ),
  WORKER_PORT: value(wholeNumber(0, 65_535), '3001', 'Port of it; 0 takes any free one.'),
  COLLECTOR_FOLDER: value(
    z.string().trim().min(1),
    './hoptime-collector',
    'Where a collector keeps how far it has read, and received syslog until it is on the bus.',
  ),
  STORE_RETRY_SECONDS: value(
    wholeNumber(0, 86_400),
    '60',
    'How long a command waits for a ClickHouse server that is away or full; `hoptime serve` waits until it works.',
  ),
  DATA_FOLDER: value(
    z.string().trim().min(1),
    './hoptime-data',
    'With a ClickHouse server: where uploads and received syslog are kept until they are read. The embedded engine has its own folder.',
  ),
  VERDICT_THRESHOLD_MS: value(
    wholeNumber(1, 2_592_000_000),
    '60000',
    'A mail counts as late, and gets a verdict, when a part of its way took longer than this many milliseconds.',
  ),
  HES_NETWORKS: value(
    networks,
    '',
    'Addresses and CIDR ranges, separated by commas, treated as HES besides the published ones.',
  ),
  HTTP_PORT: value(wholeNumber(0, 65_535), '3000', 'Port of `hoptime serve`; 0 takes any free one.'),
  HTTP_HOST: value(
    listenAddress,
    '127.0.0.1',
    'Address that `hoptime serve` listens at. At any but a loopback address every request needs an API key (`hoptime keys create`).',
  ),
  RATE_LIMIT: value(
    wholeNumber(0, 1_000_000),
    '1200',
    'Where API keys are demanded: requests a minute of one key, and of one address without key; 0 = any number.',
  ),
  OIDC_ISSUER: value(
    issuerUrl,
    '',
    'Identity provider (OpenID Connect) of people and programs, beside API keys: its issuer, https://… (http: on this machine only).',
  ),
  OIDC_CLIENT_ID: value(z.string().trim(), '', 'How the identity provider knows Hoptime.'),
  OIDC_CLIENT_SECRET: value(
    z.string(),
    '',
    'Its secret; without, Hoptime is a public client. Never shown; there is no flag for it.',
  ),
  OIDC_REDIRECT_URI: value(
    z.string().trim(),
    '',
    'Where browsers come back: https://HOST/auth/callback, as the identity provider knows it.',
  ),
  OIDC_AUDIENCE: value(
    z.string().trim(),
    '',
    'Audience that access tokens of programs must name; without, the client id.',
  ),
  OIDC_ROLE_CLAIM: value(
    z.string().trim().min(1),
    'roles',
    'Claim that names the role: viewer, analyst, operator or auditor, one or several.',
  ),
  OIDC_DOMAIN_CLAIM: value(
    z.string().trim(),
    '',
    'Claim that names the recipient domains whose mail somebody sees, one or several; * = all mail. Who has none of them does not get in. Empty: everybody sees all mail.',
  ),
  OIDC_SCOPE: value(z.string().trim().min(1), 'openid profile', 'Scopes that a login asks for.'),
  TLS_CERT: value(
    z.string().trim(),
    '',
    'File (PEM) with the certificate of the server and those above it: API, dashboard and SQL are served by TLS. A renewed file is taken by itself.',
  ),
  TLS_KEY: value(z.string().trim(), '', 'File (PEM) with the key of that certificate.'),
  SQL_PORT: value(
    wholeNumber(0, 65_535),
    '8123',
    'Port at which `hoptime serve`, `hoptime demo` and a worker of role all over an embedded store answer SQL like a ClickHouse server, beside /sql; 0 = none.',
  ),
  MTA_ALIASES: value(
    z.string().trim(),
    '',
    'File that says which names mean the same MTA: a line per MTA with its names, # begins a comment.',
  ),
  RESOLVER: value(
    nameServer,
    '',
    'Name server that `doctor` asks, ADDRESS or ADDRESS:PORT; without it those of the system.',
  ),
  TMES_API_URL: value(
    apiRoot,
    '',
    "Root of Trend's REST API, from which `collect tmes`, `serve` and collectors take the mail tracking: https://api.tmes.trendmicro.com or https://api.tmes.trendmicro.eu. HTTPS_PROXY and NO_PROXY are heeded.",
  ),
  TMES_USER: value(z.string(), '', "User of Trend's REST API."),
  TMES_API_KEY: value(z.string(), '', 'API key of that user. It is never shown; there is no flag for it.'),
  TMES_INTERVAL_SECONDS: value(
    wholeNumber(30, 86_400),
    '300',
    "How often `serve` asks Trend's REST API for new records, in seconds.",
  ),
  REPORT_SIGNING_KEY: value(
    z.string().trim(),
    '',
    'File with the private Ed25519 key (PEM) that issued reports are signed with; without, they are not signed.',
  ),
  REPORT_SCHEDULES: value(
    z.string().trim(),
    '',
    'File (YAML) that says which reports `serve` and workers issue by themselves, and when: cron expressions.',
  ),
  SQL_MAX_SECONDS: value(wholeNumber(1, 86_400), '10', 'Longest run of one SQL query, in seconds.'),
  SQL_MAX_MEMORY: value(size, '2 GiB', 'Most memory of one SQL query.'),
  SQL_MAX_RESULT: value(size, '256 MiB', 'Largest result of one SQL query.'),
  PSEUDONYM_KEY: value(
    z.string().refine((key) => key === '' || key.length >= 16, { error: 'must have at least 16 characters' }),
    '',
    'When set, local parts of addresses are stored as hashes under this key; a store keeps to the key it was made with. Never shown; there is no flag for it.',
  ),
  RETENTION_DAYS: value(
    z.string().transform((text, context) => {
      const days = parseRetentionDays(text);
      if (days !== undefined) return days;
      const message = `must be a number of days, or also ages of ${RETAINED.join(', ')} such as 90,audit_log=365`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }),
    '0',
    'How many days after it came in data are removed, whatever the time of the mail; 0 = never. Ages of their own: 90,rejected_records=14,audit_log=365,files=30.',
  ),
  DEBUG: value(
    z.string().transform((text) => !['', '0', 'false', 'no'].includes(text.trim().toLowerCase())),
    '',
    'When set, errors are printed with their stack trace.',
  ),
};

export type ConfigName = keyof typeof CONFIG_VALUES;
export const CONFIG_NAMES = Object.keys(CONFIG_VALUES) as ConfigName[];
