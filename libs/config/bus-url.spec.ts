import { parseBusUrl } from './bus-url';

it.each([
  ['memory:', { kind: 'memory' }],
  [
    'kafka://k1,k2:9093,[2001:db8::1]:9092',
    {
      kind: 'kafka',
      brokers: ['k1:9092', 'k2:9093', '[2001:db8::1]:9092'],
      topicPrefix: 'hoptime.',
      partitions: undefined,
      replication: undefined,
      tls: false,
      tlsAuthority: '',
      sasl: undefined,
    },
  ],
  [
    'kafka://k1:9092/?topic-prefix=a.&partitions=8&replication=2&tls-ca=/etc/ca.pem&sasl=scram-sha-512',
    {
      kind: 'kafka',
      brokers: ['k1:9092'],
      topicPrefix: 'a.',
      partitions: 8,
      replication: 2,
      tls: true,
      tlsAuthority: '/etc/ca.pem',
      sasl: 'scram-sha-512',
    },
  ],
])('%s', (text, expected) => expect(parseBusUrl(text)).toEqual(expected));

it.each([
  ['kafka:', 'must be memory: or kafka://host:9092,host:9092/?topic-prefix=hoptime.'],
  ['kafka://user:sesam@k1:9092', 'must not hold a user name or password: set BUS_USERNAME and BUS_PASSWORD'],
  ['kafka://k 1:9092', 'not host:port: k 1:9092'],
  ['kafka://k1/?sasl=oauth', 'sasl must be one of plain, scram-sha-256, scram-sha-512'],
  ['kafka://k1/?tls=yes', 'tls must be 1 or 0'],
  ['kafka://k1/?partitions=0', 'partitions must be a whole number from 1 to 1000'],
  ['kafka://k1/?topic-prefix=a/b', 'topic-prefix takes letters, digits, dots, hyphens and underscores, at most 100'],
  [
    'kafka://k1/?pasword=sesam',
    'has no parameter pasword: it takes topic-prefix, partitions, replication, tls, tls-ca, sasl',
  ],
])('%s is refused', (text, problem) => expect(parseBusUrl(text)).toEqual({ problem }));
