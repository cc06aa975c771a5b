import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, envExample, isDebug, readConfig } from './config';
import { CONFIG_NAMES, CONFIG_VALUES, isNetwork, parseSize } from './config-values';
import { parseEnvFile } from './env-file';

const nowhere = join(tmpdir(), 'hoptime-no-such-folder', '.env');

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig({ environment, envFile: nowhere });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('has the documented defaults', () => {
    expect(readConfig({ environment: {}, envFile: nowhere })).toEqual({
      storeUrl: 'chdb:./hoptime-data',
      busUrl: { kind: 'memory' },
      busUsername: '',
      busPassword: '',
      workerRole: 'all',
      workerHost: '127.0.0.1',
      workerPort: 3001,
      collectorFolder: './hoptime-collector',
      storeRetrySeconds: 60,
      dataFolder: './hoptime-data',
      verdictThresholdMs: 60000,
      hesNetworks: [],
      mtaAliases: '',
      resolver: '',
      tmes: undefined,
      httpPort: 3000,
      httpHost: '127.0.0.1',
      reportSigningKey: '',
      reportSchedules: '',
      sqlPort: 8123,
      sqlMaxSeconds: 10,
      sqlMaxMemory: 2147483648,
      sqlMaxResult: 268435456,
      pseudonymKey: '',
      rateLimit: 1200,
      oidc: undefined,
      tls: undefined,
      retentionDays: { events: 0, rejected_records: 0, audit_log: 0, files: 0 },
      debug: false,
    });
  });

  it('lets a flag beat the environment, the environment beat .env, and an empty text count as not set', () => {
    const envFile = join(mkdtempSync(join(tmpdir(), 'hoptime-config-')), '.env');
    writeFileSync(envFile, 'STORE_URL=chdb:/from-file\nSQL_MAX_SECONDS=7\nVERDICT_THRESHOLD_MS=5000\n');
    const environment = { STORE_URL: 'chdb:/from-environment', SQL_MAX_SECONDS: '8', VERDICT_THRESHOLD_MS: '' };
    const config = readConfig({ environment, envFile, flags: { STORE_URL: 'chdb:/from-flag' } });
    expect([config.storeUrl, config.sqlMaxSeconds, config.verdictThresholdMs]).toEqual(['chdb:/from-flag', 8, 5000]);
  });

  test.each(['192.0.2.53', '127.0.0.1:5353', '2001:db8::53', '[2001:db8::53]:53'])(
    'takes %s as name server',
    (text) => {
      expect(problemsOf({ RESOLVER: text })).toEqual([]);
    },
  );

  test.each(['ns.example', '192.0.2.53:0', '192.0.2.53:70000', '[192.0.2.53]:53', '192.0.2.53:'])(
    'takes %s as none',
    (text) => {
      expect(problemsOf({ RESOLVER: text })).toHaveLength(1);
    },
  );

  it('takes the access to an API whole or not at all, and never shows the key', () => {
    const access = { TMES_API_URL: 'https://api.tmes.trendmicro.eu', TMES_USER: 'u', TMES_API_KEY: 'geheim' };
    expect(readConfig({ environment: access, envFile: nowhere }).tmes).toEqual({
      root: 'https://api.tmes.trendmicro.eu',
      user: 'u',
      key: 'geheim',
      intervalMs: 300_000,
    });
    expect(problemsOf({ TMES_API_KEY: 'geheim' })).toEqual([
      "TMES_API_URL and TMES_USER: not set, while the rest of the access to Trend's API is",
    ]);
    expect(problemsOf({ ...access, TMES_API_URL: 'http://api.tmes.trendmicro.eu' })).toEqual([
      'TMES_API_URL: must be the https: root of the API, for example https://api.tmes.trendmicro.com',
    ]);
    expect(problemsOf({ ...access, TMES_API_URL: 'https://u:geheim@api.tmes.trendmicro.eu' })).toEqual([
      'TMES_API_URL: must not hold the credentials: they go into TMES_USER and TMES_API_KEY',
    ]);
    expect(problemsOf({ ...access, TMES_API_URL: 'http://127.0.0.1:8080' })).toEqual([]);
  });

  it('reports all bad values at once, with where they come from', () => {
    const environment = {
      STORE_URL: 'postgres://user:geheim@host/db',
      VERDICT_THRESHOLD_MS: '-1',
      HES_NETWORKS: '192.0.2.0/24, 192.0.2.0/33 nonsense',
      SQL_MAX_SECONDS: 'ten',
      SQL_MAX_MEMORY: '2 GiBi',
    };
    expect(problemsOf(environment)).toEqual([
      'STORE_URL: must be chdb:PATH, or http(s)://USER:PASSWORD@HOST:8123/DATABASE of a ClickHouse server',
      'VERDICT_THRESHOLD_MS: must be a whole number from 1 to 2592000000 (it is "-1")',
      'HES_NETWORKS: not an address or CIDR range: 192.0.2.0/33, nonsense (it is "192.0.2.0/24, 192.0.2.0/33 nonsense")',
      'SQL_MAX_SECONDS: must be a whole number from 1 to 86400 (it is "ten")',
      'SQL_MAX_MEMORY: must be a size such as 512 MiB or 2 GiB (it is "2 GiBi")',
    ]);
  });

  it('never repeats a store URL, which may hold a password', () => {
    const problems = problemsOf({ STORE_URL: 'http://reader:geheim@clickhouse.example:8123/hop-time' });
    expect(problems).toEqual(['STORE_URL: the path must name a database: letters, digits and _, as in /hoptime_store']);
  });

  it('names the line of a .env file that it cannot read', () => {
    const envFile = join(mkdtempSync(join(tmpdir(), 'hoptime-config-')), '.env');
    writeFileSync(envFile, '# fine\nSTORE_URL chdb:/x\n');
    expect(() => readConfig({ environment: {}, envFile })).toThrow(`${envFile}: line 2 is not NAME=value`);
  });
});

describe('a .env that cannot be read', () => {
  it('is one of the problems', () => {
    const envFile = mkdtempSync(join(tmpdir(), 'hoptime-config-'));
    expect(() => readConfig({ environment: { SQL_MAX_SECONDS: 'ten' }, envFile })).toThrow(
      new RegExp(`^${envFile}: cannot be read: EISDIR.*\nSQL_MAX_SECONDS: `),
    );
  });
});

describe('values', () => {
  it.each([
    ['2 GiB', 2147483648],
    ['256MiB', 268435456],
    ['1.5 GB', 1500000000],
    ['1000', 1000],
    ['0', undefined],
    ['2 XB', undefined],
    ['', undefined],
    ['GiB', undefined],
  ])('size %p is %p bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each([
    ['192.0.2.0/24', true],
    ['192.0.2.7', true],
    ['2001:db8::/32', true],
    ['2001:db8::/129', false],
    ['192.0.2.0/', false],
    ['192.0.2.256', false],
    ['192.0.2.0/24/8', false],
  ])('network %p: %p', (text, good) => expect(isNetwork(text)).toBe(good));

  it('are all documented, and every default passes its own check', () => {
    for (const name of CONFIG_NAMES) {
      expect(CONFIG_VALUES[name].meaning).toMatch(/^[A-Z].*\.$/);
      expect(CONFIG_VALUES[name].schema.safeParse(CONFIG_VALUES[name].initial).success).toBe(true);
      expect(envExample()).toContain(`#${name}=${CONFIG_VALUES[name].initial}\n`);
    }
  });

  it.each([
    [undefined, false],
    ['', false],
    ['0', false],
    ['1', true],
    ['hoptime', true],
  ])('DEBUG=%p: %p', (text, wanted) =>
    expect(isDebug({ environment: { DEBUG: text }, envFile: nowhere })).toBe(wanted),
  );

  it('DEBUG is read from .env too, whatever else stands there; the environment beats it', () => {
    const envFile = join(mkdtempSync(join(tmpdir(), 'hoptime-config-')), '.env');
    writeFileSync(envFile, 'nonsense\nSTORE_URL=mysql://x\nDEBUG=1\n');
    expect(isDebug({ environment: {}, envFile })).toBe(true);
    expect(isDebug({ environment: { DEBUG: '' }, envFile })).toBe(true);
    expect(isDebug({ environment: { DEBUG: '0' }, envFile })).toBe(false);
    expect(isDebug({ environment: {}, envFile: dirname(envFile) })).toBe(false);
  });

  it('.env.example is what envExample() says', () => {
    expect(readFileSync(resolve(__dirname, '../../.env.example'), 'utf8')).toBe(envExample());
  });
});

describe('parseEnvFile', () => {
  it('takes comments, quotes, export and CRLF', () => {
    const text =
      '\uFEFF# comment\r\nA=1\r\n export B = two words # comment\r\nC="x # y"\r\nD=\'z\' # comment\r\nE=\r\nF=a#b\r\n';
    expect(parseEnvFile(text)).toEqual({
      values: { A: '1', B: 'two words', C: 'x # y', D: 'z', E: '', F: 'a#b' },
      problems: [],
    });
  });
});
