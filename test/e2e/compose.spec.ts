import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { parse } from 'yaml';
import { parseBusUrl } from '../../libs/config/bus-url';
import { readConfig } from '../../libs/config/config';
import { CONFIG_NAMES, type ConfigName } from '../../libs/config/config-values';
import { parseStoreUrl } from '../../libs/config/store-url';

/** No container engine runs here: the compose files are read as one would read them, and held against what is in the tree. */
const FOLDER = resolve(__dirname, '../../docker');
const SECRETS: Readonly<Record<string, string>> = { CLICKHOUSE_PASSWORD: 'geheim1', GRAFANA_SQL_PASSWORD: 'geheim2' };

interface Service {
  image: string;
  build?: { context: string; dockerfile: string };
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  depends_on?: string[] | Record<string, { condition: string }>;
  command?: string[];
  entrypoint?: string[];
  network_mode?: string;
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, null>;
}

/** As compose reads it: variables put in, then parsed with merge keys. */
function composeOf(file: string): Compose {
  const text = readFileSync(join(FOLDER, file), 'utf8').replace(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (whole, name: string, kind, rest) => {
      const value = SECRETS[name] ?? (kind === '-' ? String(rest) : undefined);
      if (value === undefined) throw new Error(`${whole} has neither a value nor a default`);
      return value;
    },
  );
  return parse(text, { merge: true, schema: 'core' }) as Compose;
}

const xml = (name: string): Record<string, unknown> =>
  new XMLParser({ ignoreAttributes: false }).parse(readFileSync(join(FOLDER, 'clickhouse', name), 'utf8')) as Record<
    string,
    unknown
  >;

describe.each([
  ['compose.yml', ['api', 'clickhouse', 'collector', 'correlator', 'grafana', 'kafka', 'migrate', 'writer']],
  ['compose.cluster.yml', ['clickhouse-1', 'clickhouse-2', 'keeper', 'migrate']],
])('%s', (file, names) => {
  const compose = composeOf(file);
  const services = Object.entries(compose.services);
  const hosts = new Set(Object.keys(compose.services));

  it('has its services, by images of fixed versions', () => {
    expect([...hosts].sort()).toEqual(names);
    expect(services.filter(([, { image }]) => image !== 'hoptime' && !/^[\w./-]+:\d[\w.]*$/.test(image))).toEqual([]);
    for (const [, { build }] of services) {
      if (build) expect(existsSync(join(FOLDER, build.context, build.dockerfile))).toBe(true);
    }
  });

  it('gives the program only values that it has, and that it takes', () => {
    const own = services.filter(([, { image }]) => image === 'hoptime');
    expect(own.length).toBeGreaterThan(0);
    for (const [name, { environment = {} }] of own) {
      expect([name, Object.keys(environment).filter((key) => !CONFIG_NAMES.includes(key as ConfigName))]).toEqual([
        name,
        [],
      ]);
      expect(() => readConfig({ environment, envFile: '/nonexistent' })).not.toThrow();
    }
  });

  it('reaches its stores and brokers by names of services, or by ports of the machine', () => {
    for (const [, { environment = {}, network_mode: network, depends_on: needs = [] }] of services) {
      const { STORE_URL: store, BUS_URL: bus } = environment;
      const parsed = [
        store === undefined ? undefined : parseStoreUrl(store),
        bus === undefined ? undefined : parseBusUrl(bus),
      ];
      const found = parsed.flatMap((url) => {
        if (!url) return [];
        if ('problem' in url) throw new Error(url.problem);
        return url.kind === 'server'
          ? url.hosts.map((host) => new URL(host).host)
          : url.kind === 'kafka'
            ? url.brokers
            : [];
      });
      const published = services.flatMap(([, { ports = [] }]) => ports.map((port) => port.replace(/:\d+$/, '')));
      for (const host of found) {
        if (network === 'host') expect(published).toContain(host);
        else expect(hosts).toContain(host.replace(/:\d+$/, ''));
      }
      for (const need of Array.isArray(needs) ? needs : Object.keys(needs)) expect(hosts).toContain(need);
    }
  });

  it('mounts what is in the tree or a volume of its own, and publishes no port twice', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]));
    const bound = mounts.filter((mount) => mount.startsWith('.'));
    expect(bound.filter((mount) => !existsSync(join(FOLDER, mount)))).toEqual([]);
    const kept = mounts.filter((mount) => /^\w/.test(mount));
    expect([...new Set(kept)].sort()).toEqual(Object.keys(compose.volumes).sort());
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(new Set(ports).size).toBe(ports.length);
    // What holds mail listens for this machine only; syslog has to be reached.
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:')).every((port) => port.startsWith('5514:'))).toBe(true);
  });
});

it('every role is a service, and starts the worker', () => {
  const { services } = composeOf('compose.yml');
  const roles = Object.values(services).filter(({ environment = {} }) => environment.WORKER_ROLE);
  expect(roles.map(({ environment = {} }) => environment.WORKER_ROLE).sort()).toEqual([
    'api',
    'collector',
    'correlator',
    'writer',
  ]);
  for (const { entrypoint } of roles) expect(entrypoint).toEqual(['node', '/opt/hoptime/dist/apps/worker/main.js']);
});

it('the XML files of ClickHouse are well-formed, and name the servers of the cluster', () => {
  for (const name of readdirSync(join(FOLDER, 'clickhouse'))) {
    expect([name, XMLValidator.validate(readFileSync(join(FOLDER, 'clickhouse', name), 'utf8'))]).toEqual([name, true]);
  }
  const { services } = composeOf('compose.cluster.yml');
  const config = xml('cluster.xml') as {
    clickhouse: {
      remote_servers: { main: { shard: { replica: { host: string } }[] } };
      zookeeper: { node: { host: string } };
    };
  };
  const shards = config.clickhouse.remote_servers.main.shard.map(({ replica }) => replica.host);
  // One replica each: more are refused by all commands but migrate.
  expect(shards).toEqual(['clickhouse-1', 'clickhouse-2']);
  shards.forEach((host, i) => {
    expect(services[host].environment).toMatchObject({ SHARD: String(i + 1), REPLICA: host });
  });
  expect(config.clickhouse.zookeeper.node.host).toBe('keeper');
  expect(services.keeper.image).toMatch(/^clickhouse\/clickhouse-keeper:/);
});
