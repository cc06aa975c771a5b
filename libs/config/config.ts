import { existsSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { CONFIG_NAMES, CONFIG_VALUES, type ConfigName } from './config-values';
import type { RetentionDays } from './retention-days';
import type { BusUrl } from './bus-url';
import { parseEnvFile, type EnvFile } from './env-file';

const ENV_FILE = '.env';

/** What a worker process does. */
export type WorkerRole = 'collector' | 'writer' | 'correlator' | 'api' | 'all';

/** The configuration after checking. Sizes in bytes, durations in milliseconds. */
export interface Config {
  readonly storeUrl: string;
  readonly busUrl: BusUrl;
  readonly busUsername: string;
  readonly busPassword: string;
  readonly workerRole: WorkerRole;
  readonly workerHost: string;
  readonly workerPort: number;
  /** path */
  readonly collectorFolder: string;
  readonly storeRetrySeconds: number;
  readonly dataFolder: string;
  readonly verdictThresholdMs: number;
  readonly hesNetworks: readonly string[];
  /** path of the alias file; '' = none */
  readonly mtaAliases: string;
  readonly httpPort: number;
  readonly httpHost: string;
  /** name server of `doctor`, ADDRESS or ADDRESS:PORT; '' = the system's */
  readonly resolver: string;
  /** Trend's REST API; undefined: not configured */
  readonly tmes: TmesConfig | undefined;
  /** path; '' = reports are not signed */
  readonly reportSigningKey: string;
  /** path; '' = no report is issued by itself */
  readonly reportSchedules: string;
  /** 0 = none */
  readonly sqlPort: number;
  readonly sqlMaxSeconds: number;
  readonly sqlMaxMemory: number;
  readonly sqlMaxResult: number;
  /** '' = addresses are stored in clear */
  readonly pseudonymKey: string;
  /** requests a minute; 0 = any number */
  readonly rateLimit: number;
  /** undefined: API keys only */
  readonly oidc: OidcConfig | undefined;
  /** paths; undefined: plain HTTP */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly retentionDays: RetentionDays;
  readonly debug: boolean;
}

/** The identity provider, whole. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** '' = public client */
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly audience: string;
  readonly roleClaim: string;
  /** '' = everybody sees all mail */
  readonly domainClaim: string;
  readonly scope: string;
}

/** Access to Trend's REST API, whole. */
export interface TmesConfig {
  readonly root: string;
  readonly user: string;
  readonly key: string;
  readonly intervalMs: number;
}

/** Every bad value of the configuration, one sentence each. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
  }
}

export interface ConfigSources {
  /** default: the process's environment */
  environment?: Readonly<Record<string, string | undefined>>;
  /** path of the file with further variables; may be missing. Default `.env` in the working directory */
  envFile?: string;
  /** values of flags by variable name; undefined = flag not given */
  flags?: Readonly<Partial<Record<ConfigName, string>>>;
}

/** `STORE_URL` → `--store-url`. */
export const flagOf = (name: ConfigName): string => `--${name.toLowerCase().replace(/_/g, '-')}`;

/** Reads and checks all values. A flag beats the environment, which beats `.env`, which beats the default; an empty text counts as not set. Throws ConfigError. */
export function readConfig(sources: ConfigSources = {}): Config {
  const environment = sources.environment ?? process.env;
  const path = sources.envFile ?? ENV_FILE;
  const file = envFileAt(path);
  const problems = file.problems.map((problem) => `${path}: ${problem}`);

  const read = <T>(name: ConfigName, schema: { safeParse(text: string): SafeResult<T> }): T => {
    const given = [
      { text: sources.flags?.[name], from: flagOf(name) },
      { text: environment[name], from: name },
      { text: file.values[name], from: `${path}: ${name}` },
    ].find(({ text }) => text !== undefined && text !== '') ?? { text: CONFIG_VALUES[name].initial, from: name };
    const result = schema.safeParse(given.text as string);
    if (result.success) return result.data;
    problems.push(
      ...result.error.issues.map((issue) => `${given.from}: ${issue.message}${quoted(name, given.text as string)}`),
    );
    return undefined as T;
  };

  const v = CONFIG_VALUES;
  const config: Config = {
    storeUrl: read('STORE_URL', v.STORE_URL.schema),
    busUrl: read('BUS_URL', v.BUS_URL.schema),
    busUsername: read('BUS_USERNAME', v.BUS_USERNAME.schema),
    busPassword: read('BUS_PASSWORD', v.BUS_PASSWORD.schema),
    workerRole: read('WORKER_ROLE', v.WORKER_ROLE.schema),
    workerHost: read('WORKER_HOST', v.WORKER_HOST.schema),
    workerPort: read('WORKER_PORT', v.WORKER_PORT.schema),
    collectorFolder: read('COLLECTOR_FOLDER', v.COLLECTOR_FOLDER.schema),
    storeRetrySeconds: read('STORE_RETRY_SECONDS', v.STORE_RETRY_SECONDS.schema),
    dataFolder: read('DATA_FOLDER', v.DATA_FOLDER.schema),
    verdictThresholdMs: read('VERDICT_THRESHOLD_MS', v.VERDICT_THRESHOLD_MS.schema),
    hesNetworks: read('HES_NETWORKS', v.HES_NETWORKS.schema),
    mtaAliases: read('MTA_ALIASES', v.MTA_ALIASES.schema),
    httpPort: read('HTTP_PORT', v.HTTP_PORT.schema),
    httpHost: read('HTTP_HOST', v.HTTP_HOST.schema),
    resolver: read('RESOLVER', v.RESOLVER.schema),
    tmes: tmesOf(
      {
        root: read('TMES_API_URL', v.TMES_API_URL.schema),
        user: read('TMES_USER', v.TMES_USER.schema),
        key: read('TMES_API_KEY', v.TMES_API_KEY.schema),
        intervalMs: 1000 * read('TMES_INTERVAL_SECONDS', v.TMES_INTERVAL_SECONDS.schema),
      },
      problems,
    ),
    reportSigningKey: read('REPORT_SIGNING_KEY', v.REPORT_SIGNING_KEY.schema),
    reportSchedules: read('REPORT_SCHEDULES', v.REPORT_SCHEDULES.schema),
    sqlPort: read('SQL_PORT', v.SQL_PORT.schema),
    sqlMaxSeconds: read('SQL_MAX_SECONDS', v.SQL_MAX_SECONDS.schema),
    sqlMaxMemory: read('SQL_MAX_MEMORY', v.SQL_MAX_MEMORY.schema),
    sqlMaxResult: read('SQL_MAX_RESULT', v.SQL_MAX_RESULT.schema),
    rateLimit: read('RATE_LIMIT', v.RATE_LIMIT.schema),
    oidc: oidcOf(
      {
        issuer: read('OIDC_ISSUER', v.OIDC_ISSUER.schema),
        clientId: read('OIDC_CLIENT_ID', v.OIDC_CLIENT_ID.schema),
        clientSecret: read('OIDC_CLIENT_SECRET', v.OIDC_CLIENT_SECRET.schema),
        redirectUri: read('OIDC_REDIRECT_URI', v.OIDC_REDIRECT_URI.schema),
        audience: read('OIDC_AUDIENCE', v.OIDC_AUDIENCE.schema),
        roleClaim: read('OIDC_ROLE_CLAIM', v.OIDC_ROLE_CLAIM.schema),
        domainClaim: read('OIDC_DOMAIN_CLAIM', v.OIDC_DOMAIN_CLAIM.schema),
        scope: read('OIDC_SCOPE', v.OIDC_SCOPE.schema),
      },
      problems,
    ),
    tls: tlsOf(read('TLS_CERT', v.TLS_CERT.schema), read('TLS_KEY', v.TLS_KEY.schema), problems),
    pseudonymKey: read('PSEUDONYM_KEY', v.PSEUDONYM_KEY.schema),
    retentionDays: read('RETENTION_DAYS', v.RETENTION_DAYS.schema),
    debug: read('DEBUG', v.DEBUG.schema),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

type SafeResult<T> = { success: true; data: T } | { success: false; error: { issues: readonly { message: string }[] } };

function oidcOf(oidc: OidcConfig, problems: string[]): OidcConfig | undefined {
  const { issuer, clientId, redirectUri, audience } = oidc;
  if (issuer === '' && clientId === '' && redirectUri === '') return undefined;
  if (issuer === '' || clientId === '') problems.push('OIDC_ISSUER and OIDC_CLIENT_ID: one is set, and not the other');
  if (!/^https?:\/\/[^/]+\/auth\/callback$/.test(redirectUri))
    problems.push('OIDC_REDIRECT_URI: must be the address of this server with the path /auth/callback');
  return { ...oidc, audience: audience === '' ? clientId : audience };
}

function tlsOf(cert: string, key: string, problems: string[]): { cert: string; key: string } | undefined {
  if ((cert === '') !== (key === '')) problems.push('TLS_CERT and TLS_KEY: one is set, and not the other');
  return cert === '' ? undefined : { cert, key };
}

/** All of it or nothing: half an access is a mistake. */
function tmesOf(access: TmesConfig, problems: string[]): TmesConfig | undefined {
  const { root, user, key } = access;
  const missing = [
    ['TMES_API_URL', root],
    ['TMES_USER', user],
    ['TMES_API_KEY', key],
  ].flatMap(([name, text]) => (text === '' ? [name] : []));
  if (missing.length === 3) return undefined;
  if (missing.length > 0)
    problems.push(`${missing.join(' and ')}: not set, while the rest of the access to Trend's API is`);
  return access;
}

/** What may hold a password is never echoed. */
const SECRET: readonly ConfigName[] = [
  'STORE_URL',
  'BUS_URL',
  'BUS_USERNAME',
  'BUS_PASSWORD',
  'TMES_API_URL',
  'TMES_API_KEY',
  'PSEUDONYM_KEY',
  'OIDC_CLIENT_SECRET',
];
const quoted = (name: ConfigName, text: string): string =>
  SECRET.includes(name) ? '' : ` (it is ${JSON.stringify(text)})`;

/** Whether stack traces are wanted: must work when the rest of the configuration is wrong, so problems of `.env` are left to {@link readConfig}. */
export function isDebug({ environment = process.env, envFile = ENV_FILE }: Omit<ConfigSources, 'flags'> = {}): boolean {
  return CONFIG_VALUES.DEBUG.schema.parse(environment.DEBUG || envFileAt(envFile).values.DEBUG || '');
}

/** The file's variables; none where there is no file. What cannot be read is a problem. */
function envFileAt(path: string): EnvFile {
  try {
    return existsSync(path) ? parseEnvFile(readFileSync(path, 'utf8')) : { values: {}, problems: [] };
  } catch (error) {
    return { values: {}, problems: [`cannot be read: ${String(error).replace(/^Error: /, '')}`] };
  }
}

/** Whether only programs of this machine reach the address, so that no key is needed. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host);

/** Where the system looks for programs. */
export const searchPath = (): string => process.env.PATH ?? '';

/** Makes the process's local time UTC. The engine takes its default zone from there; call before it is loaded. */
export function useUtc(): void {
  process.env.TZ = 'UTC';
}

/**
 * Lets the engine run several queries at a time: each holds a thread of libuv's pool, which has 4 and serves files and gzip as well. Call
 * before anything asynchronous; what the user has set stays.
 */
export function widenThreadPool(): void {
  process.env.UV_THREADPOOL_SIZE ??= '16';
}

/**
 * Has V8 collect old objects when there are one and a half times as many again as were left, not 5 MB more: a server whose answers leave little behind is taken for
 * one that has time for it, and each collection holds both cores up for as long as an answer takes. For a process that answers others.
 */
export function collectRarely(): void {
  setFlagsFromString('--heap-growing-percent=150');
}

/** The command that shows long answers on a terminal, with its arguments: $PAGER, else `less`; undefined where it is set to nothing or `cat`. */
export function pagerCommand(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const pager = (environment.PAGER ?? 'less -S -F -R -X').trim();
  return pager === '' || pager === 'cat' ? undefined : pager;
}

/** The text of `.env.example`: every value with its meaning and default. */
export function envExample(): string {
  return CONFIG_NAMES.map((name) => {
    const { meaning, initial } = CONFIG_VALUES[name];
    return `# ${meaning}\n#${name}=${initial}\n`;
  }).join('\n');
}
