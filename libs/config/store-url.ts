/** The embedded engine, with its folder. */
export interface EmbeddedStoreUrl {
  readonly kind: 'chdb';
  /** as written: may be relative to the working directory */
  readonly path: string;
}

/** A ClickHouse server, or a cluster of them, over HTTP. */
export interface ServerStoreUrl {
  readonly kind: 'server';
  /** addresses of servers that hold the same data, in the order they are tried: `http://host:8123` */
  readonly hosts: readonly string[];
  readonly username: string;
  readonly password: string;
  /** database of the tables */
  readonly database: string;
  /** name of the cluster, as ClickHouse's configuration has it; undefined for a server by itself */
  readonly cluster: string | undefined;
  /** how it may be named in messages: without user and password */
  readonly shown: string;
}

export type StoreUrl = EmbeddedStoreUrl | ServerStoreUrl;

export const DEFAULT_DATABASE = 'hoptime_store';
/** ClickHouse's ports for HTTP and HTTPS. */
const PORTS: Readonly<Record<string, string>> = { http: '8123', https: '8443' };
const FORM = 'must be chdb:PATH, or http(s)://USER:PASSWORD@HOST:8123/DATABASE of a ClickHouse server';

/**
 * Reads `STORE_URL` (interfaces.md §2): `chdb:PATH`, or `http(s)://user:pass@host:8123,host2:8123/database?cluster=name`. Answers a problem
 * in words, which never repeats any part of the text, since that may hold a password.
 */
export function parseStoreUrl(text: string): StoreUrl | { problem: string } {
  const embedded = /^chdb:(.+)$/.exec(text);
  if (embedded) return { kind: 'chdb', path: embedded[1] };
  const parts = /^(https?):\/\/(?:([^@/?]*)@)?([^@/?]+)(?:\/([^/?]*))?(?:\?(.*))?$/.exec(text);
  if (!parts) return { problem: FORM };
  const [, scheme, credentials = '', list, path = '', search = ''] = parts;
  const hosts: string[] = [];
  for (const host of list.split(',')) {
    const origin = originOf(scheme, host);
    if (origin === undefined) return { problem: `a host of the list is no HOST:PORT; it ${FORM}` };
    hosts.push(origin);
  }
  const [user, password] = splitOnce(credentials, ':').map(decoded);
  if (user === undefined || password === undefined)
    return { problem: 'user or password has a % that begins no code: write % as %25' };
  const database = path === '' ? DEFAULT_DATABASE : path;
  if (!/^[A-Za-z_]\w{0,63}$/.test(database)) {
    return { problem: 'the path must name a database: letters, digits and _, as in /hoptime_store' };
  }
  const parameters = new URLSearchParams(search);
  const unknown = [...parameters.keys()].filter((name) => name !== 'cluster');
  if (unknown.length > 0) return { problem: 'the only parameter is cluster, as in ?cluster=NAME' };
  const cluster = parameters.get('cluster') ?? undefined;
  if (cluster !== undefined && !/^[\w.-]{1,64}$/.test(cluster)) {
    return { problem: 'cluster must be the name of a cluster: letters, digits, _ . and -' };
  }
  const shown = `${hosts.join(',')}/${database}${cluster === undefined ? '' : `?cluster=${cluster}`}`;
  return { kind: 'server', hosts, username: user || 'default', password, database, cluster, shown };
}

/** `http://host:8123`; undefined for what is no host with an optional port. */
function originOf(scheme: string, host: string): string | undefined {
  const [, name, port] = /^(\[[0-9a-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(host) ?? [];
  if (name === undefined || (port !== undefined && (Number(port) === 0 || Number(port) > 65_535))) return undefined;
  return `${scheme}://${name}:${port ?? PORTS[scheme]}`;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
