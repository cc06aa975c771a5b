import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { installWhereMissing } from './debian-packages';
import { freePort } from './free-port';
import { oneAtATime } from './one-at-a-time';

const POM = join(__dirname, 'kafka', 'pom.xml');
const READY_MS = 120_000;

/** One that starts quickly, and takes little of the machine. */
const JVM =
  '-Xms128m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -XX:-UsePerfData -Djava.net.preferIPv4Stack=true'.split(
    ' ',
  );

/** User and password of the SASL listener. */
export const BROKER_USER = 'collector';
export const BROKER_PASSWORD = 'not-a-secret';

/**
 * A real Apache Kafka broker (KRaft, one node) as a child process, from artefacts of Maven Central that are kept in the user's cache folder.
 * Listeners: plain, and TLS with SASL/PLAIN.
 */
export class KafkaBroker {
  readonly folder = mkdtempSync(join(tmpdir(), 'hoptime-kafka-'));
  /** host:port of the plain listener */
  address = '';
  /** host:port of the TLS listener, whose certificate {@link authority} signs */
  secureAddress = '';
  readonly authority = join(this.folder, 'ca.pem');
  private child: ChildProcess | undefined;

  /** Starts a new broker with empty logs. @throws Error that says what is missing */
  static async start(): Promise<KafkaBroker> {
    const broker = new KafkaBroker();
    const [plain, secure, controller] = [await freePort(), await freePort(), await freePort()];
    broker.address = `127.0.0.1:${plain}`;
    broker.secureAddress = `127.0.0.1:${secure}`;
    makeCertificate(broker.folder);
    writeFileSync(join(broker.folder, 'server.properties'), properties(broker.folder, plain, secure, controller));
    // Begins with a letter: one in 64 would begin with a hyphen, and be taken for an option.
    const id = `h${createHash('sha256').update(broker.folder).digest('base64url').slice(0, 21)}`;
    java([
      'kafka.tools.StorageTool',
      'format',
      '--standalone',
      '-t',
      id,
      '-c',
      join(broker.folder, 'server.properties'),
    ]);
    await broker.restart();
    return broker;
  }

  get runs(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Its process; undefined before it is started. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts it (again) on its ports, with the logs it has. Resolves when it answers. */
  async restart(): Promise<void> {
    const log = openSync(join(this.folder, 'broker.log'), 'a');
    this.child = spawn(
      'java',
      [
        ...JVM,
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
        '-cp',
        jars(),
        'kafka.Kafka',
        join(this.folder, 'server.properties'),
      ],
      { stdio: ['ignore', log, log] },
    );
    await this.ready();
  }

  /** SIGKILL, as a host that fails. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || !this.runs) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await gone;
  }

  private async ready(): Promise<void> {
    const kafka = new Kafka({
      clientId: 'ready',
      brokers: [this.address],
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    });
    for (const end = Date.now() + READY_MS; ;) {
      const admin = kafka.admin();
      try {
        await admin.connect();
        await admin.describeCluster();
        return;
      } catch (error) {
        if (!this.runs || Date.now() > end)
          throw new Error(
            `the Kafka broker does not answer: ${readFileSync(join(this.folder, 'broker.log'), 'utf8').slice(-2000)}`,
            { cause: error },
          );
        await new Promise((resolve) => setTimeout(resolve, 250));
      } finally {
        await admin.disconnect().catch(() => undefined);
      }
    }
  }
}

/** The brokers that tests shall use: those of KAFKA_BROKERS, else one that is started here. */
export async function testBrokers(): Promise<{ brokers: string; stop: () => Promise<void> }> {
  const given = process.env.KAFKA_BROKERS;
  if (given) return { brokers: given, stop: () => Promise.resolve() };
  const broker = await KafkaBroker.start();
  return { brokers: broker.address, stop: () => broker.stop() };
}

/** Class path of the broker; fetches it by Maven when it is not in the cache yet. */
function jars(): string {
  const pom = readFileSync(POM);
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hoptime-test');
  const folder = join(cache, `kafka-${createHash('sha256').update(pom).digest('hex').slice(0, 12)}`);
  const isThere = (command: string) => (): boolean => spawnSync('which', [command]).status === 0;
  installWhereMissing(['--no-install-recommends', 'openjdk-17-jre-headless'], isThere('java'));
  if (existsSync(folder)) return join(folder, '*');
  installWhereMissing(['--no-install-recommends', 'maven'], isThere('mvn'));
  oneAtATime('kafka', () => {
    if (existsSync(folder)) return;
    mkdirSync(cache, { recursive: true });
    const part = mkdtempSync(join(cache, 'part-'));
    const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${part}`];
    run('mvn', ['-q', '-B', '-f', POM, ...copy]);
    renameSync(part, folder);
  });
  return join(folder, '*');
}

function java(args: string[]): void {
  run('java', [...JVM, '-cp', jars(), ...args]);
}

function run(command: string, args: string[]): void {
  const { status, stderr, stdout, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(
      `${command} ${args.join(' ')} failed, and the Kafka tests need it: ${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`,
    );
}

function makeCertificate(folder: string): void {
  const at = (name: string): string => join(folder, name);
  run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
  ]);
  run('openssl', [
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=127.0.0.1',
    '-keyout',
    at('broker.key'),
    '-out',
    at('broker.csr'),
  ]);
  writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1\n');
  run('openssl', [
    'x509',
    '-req',
    '-days',
    '2',
    '-in',
    at('broker.csr'),
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-extfile',
    at('names'),
    '-out',
    at('broker.pem'),
  ]);
  writeFileSync(
    at('keystore.pem'),
    readFileSync(at('broker.key'), 'utf8') +
      readFileSync(at('broker.pem'), 'utf8') +
      readFileSync(at('ca.pem'), 'utf8'),
  );
}

function properties(folder: string, plain: number, secure: number, controller: number): string {
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${BROKER_USER}="${BROKER_PASSWORD}";`;
  return `
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${plain},SECURE://127.0.0.1:${secure},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${plain},SECURE://127.0.0.1:${secure},CONTROLLER://127.0.0.1:${controller}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
listener.name.secure.sasl.enabled.mechanisms=PLAIN
listener.name.secure.plain.sasl.jaas.config=${login}
listener.name.secure.ssl.keystore.type=PEM
listener.name.secure.ssl.keystore.location=${join(folder, 'keystore.pem')}
log.dirs=${join(folder, 'data')}
auto.create.topics.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
num.network.threads=2
num.io.threads=2
log.segment.bytes=67108864
`;
}
