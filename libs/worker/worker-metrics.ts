import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Bus, BusStatus, SubscriptionStatus } from '../bus/bus';
import type { StoreCorrelatorStatus } from '../ingest/store-correlator';

/** What a worker measures of itself; undefined = that is not its duty. */
export interface Measured {
  readonly bus: Bus;
  readonly written?: { readonly events: number; readonly rejected: number; readonly poison: number };
  readonly correlations?: () => StoreCorrelatorStatus;
  /** bytes of followed files that are not on the bus yet */
  readonly collectorLag?: () => number;
  /** since when the store does not do what it is asked; null = it does */
  readonly storeAwaySince?: () => Date | null;
}

/** Prometheus metrics of a worker: throughput, how far it is behind, and what was not understood. */
export class WorkerMetrics {
  private readonly registry = new Registry();
  private status: BusStatus | undefined;

  constructor(private readonly measured: Measured) {
    collectDefaultMetrics({ register: this.registry, prefix: 'hoptime_' });
    this.ofBus();
    const { written, correlations, collectorLag, storeAwaySince } = measured;
    if (written) {
      this.gauge(
        'hoptime_written_events_total',
        'Events that this process put into the store, repetitions counted.',
        () => written.events,
      );
      this.gauge(
        'hoptime_written_rejected_total',
        'Rejected records that it put into the store.',
        () => written.rejected,
      );
      this.gauge(
        'hoptime_bus_poison_total',
        'Records of the bus that were none, kept among the rejected records.',
        () => written.poison,
      );
    }
    if (correlations) {
      new Gauge({
        name: 'hoptime_correlations_total',
        help: 'Times that the journeys were brought up to date: of the messages that new events touch, or of everything.',
        labelNames: ['scope'],
        registers: [this.registry],
        collect() {
          for (const [scope, count] of Object.entries(correlations().counts)) this.set({ scope }, count);
        },
      });
      this.gauge(
        'hoptime_correlation_seconds',
        'What the last time took.',
        () => (correlations().lastMs ?? NaN) / 1000,
      );
      new Gauge({
        name: 'hoptime_correlation_step_seconds',
        help: 'What the steps of the last one of touched messages took.',
        labelNames: ['step'],
        registers: [this.registry],
        collect() {
          for (const [step, ms] of correlations().stepMs) this.set({ step }, ms / 1000);
        },
      });
      this.gauge('hoptime_correlated_timestamp_seconds', 'When that was.', () => (correlations().lastAt ?? NaN) / 1000);
      this.gauge(
        'hoptime_figures_behind_seconds',
        'Age, since it came onto the bus, of the oldest of what is in the store and not in the journeys; 0 when all is.',
        () => {
          const { behindSince, shownTo, shownRecords } = correlations();
          const { lag = 0, oldestUnreadAt = null } = this.subscription('store-changes') ?? {};
          const isShown = lag !== null && lag <= shownRecords;
          return secondsSince(
            behindSince ?? (isShown || oldestUnreadAt === null ? null : Math.max(oldestUnreadAt, shownTo ?? 0)),
          );
        },
      );
    }
    if (storeAwaySince)
      this.gauge(
        'hoptime_store_outage_seconds',
        'How long the store has not done what it is asked; 0 while it works.',
        () => secondsSince(storeAwaySince()?.getTime() ?? null),
      );
    if (collectorLag)
      this.gauge('hoptime_collector_lag_bytes', 'Bytes of followed files that are not on the bus yet.', collectorLag);
  }

  async text(): Promise<{ contentType: string; text: string }> {
    this.status = await this.measured.bus.status();
    return { contentType: this.registry.contentType, text: await this.registry.metrics() };
  }

  private ofBus(): void {
    const status = (): BusStatus | undefined => this.status;
    this.gauge('hoptime_bus_up', 'Whether the bus takes and gives records: 1 or 0.', () =>
      status()?.failure === null ? 1 : 0,
    );
    this.gauge(
      'hoptime_bus_published_records_total',
      'Records that the bus acknowledged.',
      () => status()?.publishedRecords ?? NaN,
    );
    this.gauge('hoptime_bus_published_bytes_total', 'Bytes of them.', () => status()?.publishedBytes ?? NaN);
    this.gauge(
      'hoptime_bus_waiting_bytes',
      'Bytes that wait for the acknowledgement of the bus.',
      () => status()?.waitingBytes ?? NaN,
    );
    this.ofSubscriptions('hoptime_bus_lag_records', 'Records that the group has not acknowledged.', ({ lag }) => lag);
    this.ofSubscriptions(
      'hoptime_bus_oldest_unread_seconds',
      'Age of the oldest of them, at most.',
      ({ oldestUnreadAt }) => secondsSince(oldestUnreadAt),
    );
    this.ofSubscriptions(
      'hoptime_bus_taken_records_total',
      'Records that this process has acknowledged.',
      ({ records }) => records,
    );
    this.ofSubscriptions('hoptime_bus_taken_bytes_total', 'Bytes of them.', ({ bytes }) => bytes);
    this.ofSubscriptions(
      'hoptime_bus_refused_total',
      'Deliveries that failed here and were repeated.',
      ({ refused }) => refused,
    );
  }

  private subscription(topic: string): SubscriptionStatus | undefined {
    return this.status?.subscriptions.find((subscription) => subscription.topic === topic);
  }

  private gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }

  private ofSubscriptions(name: string, help: string, value: (status: SubscriptionStatus) => number | null): void {
    const subscriptions = (): readonly SubscriptionStatus[] => this.status?.subscriptions ?? [];
    new Gauge({
      name,
      help,
      labelNames: ['topic', 'group'],
      registers: [this.registry],
      collect() {
        for (const subscription of subscriptions()) {
          const { topic, group } = subscription;
          this.set({ topic, group }, value(subscription) ?? NaN);
        }
      },
    });
  }
}

/** @param at epoch ms; null = there is nothing that waits */
const secondsSince = (at: number | null): number => (at === null ? 0 : Math.max(0, (Date.now() - at) / 1000));
