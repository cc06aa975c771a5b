/** Hand-over inside one process. */
export interface MemoryBusUrl {
  readonly kind: 'memory';
}

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

/** Where a Kafka cluster is, and how its topics are made. User name and password are no part of it. */
export interface KafkaBusUrl {
  readonly kind: 'kafka';
  /** host:port */
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  /** of topics that are made; undefined = not said: 4, and any number that a topic has will do */
  readonly partitions: number | undefined;
  /** copies of each record; undefined = not said: 3, or as many as there are brokers */
  readonly replication: number | undefined;
  readonly tls: boolean;
  /** path of a PEM file with the authority that signed the brokers' certificates; '' = those that Node.js knows */
  readonly tlsAuthority: string;
  readonly sasl: SaslMechanism | undefined;
}

export type BusUrl = MemoryBusUrl | KafkaBusUrl;

const PARAMETERS = ['topic-prefix', 'partitions', 'replication', 'tls', 'tls-ca', 'sasl'];

/** Reads `memory:` or `kafka://host:9092,host:9092/?…`. The sentence of a bad one never repeats what may be a password. */
export function parseBusUrl(text: string): BusUrl | { readonly problem: string } {
  if (text === 'memory:') return { kind: 'memory' };
  const match = /^kafka:\/\/([^/?]*)\/?(?:\?(.*))?$/.exec(text);
  if (!match) return { problem: 'must be memory: or kafka://host:9092,host:9092/?topic-prefix=hoptime.' };
  if (match[1].includes('@'))
    return { problem: 'must not hold a user name or password: set BUS_USERNAME and BUS_PASSWORD' };
  const brokers = match[1].split(',').map((host) => (/:\d+$/.test(host) ? host : `${host}:9092`));
  const wrong = brokers.filter((broker) => !/^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i.test(broker));
  if (wrong.length > 0) return { problem: `not host:port: ${wrong.join(', ')}` };
  const parameters = new URLSearchParams(match[2] ?? '');
  const unknown = [...parameters.keys()].filter((name) => !PARAMETERS.includes(name));
  if (unknown.length > 0)
    return { problem: `has no parameter ${unknown.join(', ')}: it takes ${PARAMETERS.join(', ')}` };
  return kafkaUrl(brokers, parameters);
}

function kafkaUrl(brokers: readonly string[], parameters: URLSearchParams): KafkaBusUrl | { readonly problem: string } {
  const topicPrefix = parameters.get('topic-prefix') ?? 'hoptime.';
  if (!/^[\w.-]{0,100}$/.test(topicPrefix))
    return { problem: 'topic-prefix takes letters, digits, dots, hyphens and underscores, at most 100' };
  const counts = { partitions: undefined as number | undefined, replication: undefined as number | undefined };
  for (const [name, most] of [
    ['partitions', 1000],
    ['replication', 100],
  ] as const) {
    const text = parameters.get(name);
    if (text === null) continue;
    if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > most)
      return { problem: `${name} must be a whole number from 1 to ${most}` };
    counts[name] = Number(text);
  }
  const tls = parameters.get('tls') ?? (parameters.has('tls-ca') ? '1' : '0');
  if (tls !== '0' && tls !== '1') return { problem: 'tls must be 1 or 0' };
  const sasl = parameters.get('sasl') ?? undefined;
  if (sasl !== undefined && !SASL_MECHANISMS.includes(sasl as SaslMechanism))
    return { problem: `sasl must be one of ${SASL_MECHANISMS.join(', ')}` };
  return {
    kind: 'kafka',
    brokers,
    topicPrefix,
    ...counts,
    tls: tls === '1',
    tlsAuthority: parameters.get('tls-ca') ?? '',
    sasl: sasl as SaslMechanism | undefined,
  };
}
