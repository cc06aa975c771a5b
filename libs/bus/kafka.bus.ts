import './kafka-checksum';
import type { Admin, Kafka } from 'kafkajs';
import type { KafkaBusUrl } from '../config/bus-url';
import {
  pause,
  type Bus,
  type BusRecord,
  type BusStatus,
  type OnBatch,
  type SubscriptionStatus,
  type Topic,
} from './bus';
import { kafkaClient, type BusCredentials, type Note } from './kafka-client';
import { lagByPartition, sumOf } from './kafka-lag';
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
/** So long is waited for it. */
const STATUS_PATIENCE_MS = 3000;
const NO_ANSWER = 'no broker answers';

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
    const groupId = this.groupId(topic, group);
    const subscription = new KafkaSubscription(this.kafka, topic, name, group, groupId, onBatch, this.timing);
    this.subscriptions.push(subscription);
    await subscription.start();
  }

  async lag(topic: Topic, group: string): Promise<number | null> {
    return sumOf(await lagByPartition(this.admin, topicName(this.url, topic), this.groupId(topic, group)));
  }

  status(): Promise<BusStatus> {
    if (!this.asked || performance.now() - this.asked.at > STATUS_MS)
      this.asked = { at: performance.now(), answer: this.ask() };
    return this.inTime(this.asked.answer);
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** A group of its own per topic: kafkajs deals out all topics of a group to all its members, also to those that did not ask for them. */
  private groupId(topic: Topic, group: string): string {
    return `${this.url.topicPrefix}${group}.${topic}`;
  }

  private async ask(): Promise<BusStatus> {
    const subscriptions = await Promise.all(this.subscriptions.map((subscription) => subscription.status(this.admin)));
    const isAway = subscriptions.some(({ lag }) => lag === null) || !(await this.answers(subscriptions));
    return this.statusOf(subscriptions, isAway ? NO_ANSWER : null);
  }

  /** A bus without subscriptions has not been asked anything yet. */
  private async answers(subscriptions: readonly SubscriptionStatus[]): Promise<boolean> {
    if (subscriptions.length > 0) return true;
    return this.admin.listTopics().then(
      () => true,
      () => false,
    );
  }

  private statusOf(subscriptions: readonly SubscriptionStatus[], failure: string | null): BusStatus {
    const { publisher } = this;
    return {
      failure: publisher.failure ?? failure,
      publishedRecords: publisher.records,
      publishedBytes: publisher.bytes,
      waitingBytes: publisher.waitingBytes,
      subscriptions,
    };
  }

  /** Whoever asks how the bus is must not wait until it is well again. */
  private async inTime(answer: Promise<BusStatus>): Promise<BusStatus> {
    const waited = new AbortController();
    const late = pause(STATUS_PATIENCE_MS, waited.signal).then(() => this.statusOf([], NO_ANSWER));
    const first = await Promise.race([answer, late]);
    waited.abort();
    return first;
  }

  private async end(): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.close()));
    await this.publisher.close();
    await this.admin.disconnect().catch(() => undefined);
  }
}
