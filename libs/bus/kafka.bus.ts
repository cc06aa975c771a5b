import type { Admin, Kafka } from 'kafkajs';
import type { KafkaBusUrl } from '../config/bus-url';
import type { Bus, BusRecord, BusStatus, OnBatch, Topic } from './bus';
import { kafkaClient, type BusCredentials, type Note } from './kafka-client';
import { KafkaPublisher } from './kafka-publisher';
import { KafkaSubscription, MEMBER_TIMING, type MemberTiming } from './kafka-subscription';
import { ensureTopics, topicName } from './kafka-topics';

export interface KafkaBusOptions {
  readonly credentials: BusCredentials;
  readonly note: Note;
  readonly timing?: MemberTiming;
}

/** A status is asked of the brokers at most so often, ms. */
const STATUS_MS = 1000;

/** The bus over Apache Kafka: kafkajs, used directly. */
export class KafkaBus implements Bus {
  readonly recordBytes = 256 * 1024;
  readonly isDurable = true;
  private readonly subscriptions: KafkaSubscription[] = [];
  private closing: Promise<void> | undefined;
  private asked: { readonly at: number; readonly answer: Promise<BusStatus> } | undefined;

  private constructor(
    private readonly url: KafkaBusUrl,
    private readonly kafka: Kafka,
    private readonly admin: Admin,
    private readonly publisher: KafkaPublisher,
    private readonly timing: MemberTiming,
  ) {}

  /**
   * Connects, makes the topics that are missing, and checks them.
   * @throws BusSetupError for what somebody must change; kafkajs's errors where no broker answers
   */
  static async open(
    url: KafkaBusUrl,
    { credentials, note, timing = MEMBER_TIMING }: KafkaBusOptions,
  ): Promise<KafkaBus> {
    const kafka = kafkaClient(url, credentials, note);
    const admin = kafka.admin();
    try {
      await admin.connect();
      await ensureTopics(admin, url);
      const publisher = new KafkaPublisher(kafka, (topic) => topicName(url, topic), note);
      await publisher.connect();
      return new KafkaBus(url, kafka, admin, publisher, timing);
    } catch (error) {
      await admin.disconnect().catch(() => undefined);
      throw error;
    }
  }

  publish(topic: Topic, records: readonly BusRecord[]): Promise<void> {
    return this.publisher.publish(topic, records);
  }

  async subscribe(topic: Topic, group: string, onBatch: OnBatch): Promise<void> {
    const name = topicName(this.url, topic);
    // A group of its own per topic: kafkajs deals out all topics of a group to all its members, also to those that did not ask for them.
    const groupId = `${this.url.topicPrefix}${group}.${topic}`;
    const subscription = new KafkaSubscription(this.kafka, topic, name, group, groupId, onBatch, this.timing);
    this.subscriptions.push(subscription);
    await subscription.start();
  }

  status(): Promise<BusStatus> {
    if (!this.asked || performance.now() - this.asked.at > STATUS_MS)
      this.asked = { at: performance.now(), answer: this.ask() };
    return this.asked.answer;
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async ask(): Promise<BusStatus> {
    const { publisher } = this;
    const subscriptions = await Promise.all(this.subscriptions.map((subscription) => subscription.status(this.admin)));
    const unreachable = subscriptions.some(({ lag }) => lag === null) ? 'no broker answers' : null;
    return {
      failure: publisher.failure ?? unreachable,
      publishedRecords: publisher.records,
      publishedBytes: publisher.bytes,
      waitingBytes: publisher.waitingBytes,
      subscriptions,
    };
  }

  private async end(): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.close()));
    await this.publisher.close();
    await this.admin.disconnect().catch(() => undefined);
  }
}
