import { ConfigResourceTypes, type Admin } from 'kafkajs';
import type { KafkaBusUrl } from '../config/bus-url';
import { TOPICS, type Topic } from './bus';
import { BusSetupError, kafkaErrorType } from './kafka-client';

/** Largest request to one partition: what a broker takes without having been told otherwise (`message.max.bytes`). */
export const REQUEST_BYTES = 1_000_000;
const DEFAULT_PARTITIONS = 4;
const MOST_REPLICAS = 3;
const NEEDED_MESSAGE_BYTES = 1_048_576;

/** The name of a topic in the cluster. */
export const topicName = (url: KafkaBusUrl, topic: Topic): string => `${url.topicPrefix}${topic}`;

/** `store-changes` wakes whoever correlates: one partition, so that it is one member of the group at a time. */
const isSingle = (topic: Topic): boolean => topic === 'store-changes';

/**
 * Makes the topics that are missing and checks those that are there.
 * @throws BusSetupError that says what is wrong with which topic and how to mend it
 */
export async function ensureTopics(admin: Admin, url: KafkaBusUrl): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const present = new Set(await admin.listTopics());
  const missing = TOPICS.filter((topic) => !present.has(topicName(url, topic)));
  const replication = url.replication ?? Math.min(MOST_REPLICAS, brokers.length);
  if (missing.length > 0) await create(admin, url, missing, replication);
  const problems = await problemsOf(admin, url);
  if (problems.length > 0) throw new BusSetupError(problems);
}

async function create(admin: Admin, url: KafkaBusUrl, missing: readonly Topic[], replication: number): Promise<void> {
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((topic) => ({
        topic: topicName(url, topic),
        numPartitions: isSingle(topic) ? 1 : (url.partitions ?? DEFAULT_PARTITIONS),
        replicationFactor: replication,
        configEntries: [
          { name: 'cleanup.policy', value: 'delete' },
          // With three copies one broker may be away, and a record that was acknowledged is still on two.
          ...(replication >= MOST_REPLICAS ? [{ name: 'min.insync.replicas', value: '2' }] : []),
        ],
      })),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const causes = error instanceof AggregateError ? error.errors.map(String).join('; ') : '';
    throw new BusSetupError([
      `the topics ${missing.map((topic) => topicName(url, topic)).join(', ')} cannot be made with ${replication} copies (${causes || reason}): ` +
        `make them yourself, or say replication=N in BUS_URL with no more than there are brokers`,
    ]);
  }
}

async function problemsOf(admin: Admin, url: KafkaBusUrl): Promise<string[]> {
  const problems: string[] = [];
  const { topics } = await admin.fetchTopicMetadata({ topics: TOPICS.map((topic) => topicName(url, topic)) });
  for (const topic of TOPICS) {
    const name = topicName(url, topic);
    const partitions = topics.find((found) => found.name === name)?.partitions ?? [];
    const copies = Math.min(...partitions.map(({ replicas }) => replicas.length));
    const wanted = isSingle(topic) ? 1 : url.partitions;
    if (wanted !== undefined && (isSingle(topic) ? partitions.length !== 1 : partitions.length < wanted))
      problems.push(
        `topic ${name} has ${partitions.length} partitions, not ${wanted}: kafka-topics --alter --topic ${name} --partitions ${wanted}` +
          (isSingle(topic)
            ? ' (a topic cannot lose partitions: delete it, it is made anew)'
            : ', while no collector runs'),
      );
    if (url.replication !== undefined && copies < url.replication)
      problems.push(`topic ${name} has ${copies} copies of each record, not ${url.replication}: reassign its replicas`);
    problems.push(...(await configProblems(admin, name, copies)));
  }
  return problems;
}

async function configProblems(admin: Admin, name: string, copies: number): Promise<string[]> {
  const values = await configOf(admin, name);
  const problems: string[] = [];
  const messageBytes = Number(values.get('max.message.bytes') ?? NEEDED_MESSAGE_BYTES);
  if (messageBytes < NEEDED_MESSAGE_BYTES)
    problems.push(
      `topic ${name} takes messages of ${messageBytes} bytes: set its max.message.bytes to at least ${NEEDED_MESSAGE_BYTES}`,
    );
  if ((values.get('cleanup.policy') ?? 'delete').includes('compact'))
    problems.push(`topic ${name} is compacted, which drops records of the same key: set its cleanup.policy to delete`);
  const inSync = Number(values.get('min.insync.replicas') ?? 1);
  if (inSync > copies)
    problems.push(
      `topic ${name} wants ${inSync} copies in sync and has ${copies}: no record could ever be acknowledged; lower its min.insync.replicas`,
    );
  return problems;
}

/** The topic's settings; none where this user may not read them. */
async function configOf(admin: Admin, name: string): Promise<Map<string, string>> {
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        {
          type: ConfigResourceTypes.TOPIC,
          name,
          configNames: ['max.message.bytes', 'cleanup.policy', 'min.insync.replicas'],
        },
      ],
    });
    return new Map(resources.flatMap(({ configEntries }) => configEntries.map((e) => [e.configName, e.configValue])));
  } catch (error) {
    if (kafkaErrorType(error)?.endsWith('AUTHORIZATION_FAILED')) return new Map();
    throw error;
  }
}
