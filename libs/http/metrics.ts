import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RemovedRows } from '../delay/input.service';
import { RecentMailService } from '../delay/recent-mail.service';
import type { LiveStatus } from '../live/live-status';
import type { QueryPool } from '../store/query-pool';
import type { WriteTurn } from '../store/write-turn';
import { tellOfMail } from './mail-metrics';

/** What Prometheus reads: the process, requests by route and status, how busy the store is, and how mail does. Routes only, never a path with an address in it. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests: Histogram<'method' | 'route' | 'status'>;

  constructor(pool: QueryPool, turn: WriteTurn, live: { status(): LiveStatus | null }) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry, prefix: 'hoptime_' });
    this.requests = new Histogram({
      name: 'hoptime_http_request_seconds',
      help: 'Time from a request to the end of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
      registers,
    });
    new Gauge({
      name: 'hoptime_store_queries',
      help: 'Queries of the API that run in the store, and that wait for their turn.',
      labelNames: ['state'],
      registers,
      collect() {
        this.set({ state: 'running' }, pool.load.running);
        this.set({ state: 'waiting' }, pool.load.waiting);
      },
    });
    new Gauge({
      name: 'hoptime_store_outage_seconds',
      help: 'How long the store has not done what it is asked; 0 while it works.',
      registers,
      collect() {
        this.set(pool.outage ? (Date.now() - pool.outage.since.getTime()) / 1000 : 0);
      },
    });
    new Gauge({
      name: 'hoptime_store_writers',
      help: 'Works that change the store, running or waiting.',
      registers,
      collect() {
        this.set(turn.pending);
      },
    });
    new Gauge({
      name: 'hoptime_removed_rows',
      help: 'Rows that retention and erasure took out of a table.',
      labelNames: ['cause', 'what'],
      registers,
      async collect() {
        // The rest is told also while the store does not answer.
        const rows = await pool.rows<RemovedRows>('queries/removals').catch(() => []);
        for (const { cause, what, removed } of rows) this.set({ cause, what }, Number(removed));
      },
    });
    this.tellOfLive(live);
    const recent = new RecentMailService(pool);
    tellOfMail(this.registry, (now) => recent.at(now));
  }

  /** How far live input is behind: files of the host and mail are not named, only counted. */
  private tellOfLive(live: { status(): LiveStatus | null }): void {
    const gauge = (name: string, help: string, value: (status: LiveStatus) => number | null): void => {
      new Gauge({
        name,
        help,
        registers: [this.registry],
        collect() {
          const status = live.status();
          this.set((status && value(status)) ?? NaN);
        },
      });
    };
    gauge('hoptime_live_lag_bytes', 'Bytes of followed files that are not read yet.', ({ lag }) => lag);
    gauge('hoptime_live_files', 'Files and syslog spools that live input knows.', ({ files }) => files.length);
    gauge(
      'hoptime_live_failing_files',
      'Files that something hinders.',
      ({ files }) => files.filter(({ lastError }) => lastError !== null).length,
    );
    gauge('hoptime_live_rejected_records', 'Records of followed files that were not understood.', ({ files }) =>
      files.reduce((sum, { rejected }) => sum + rejected, 0),
    );
    gauge(
      'hoptime_live_correlation_seconds',
      'How long the journeys took to be brought up to date, the last time.',
      ({ correlations }) => (correlations.lastMs === null ? null : correlations.lastMs / 1000),
    );
    gauge(
      'hoptime_live_correlated_at_seconds',
      'When the journeys were brought up to date last, seconds since 1970.',
      ({ correlations }) => (correlations.lastAt === null ? null : correlations.lastAt / 1000),
    );
    gauge('hoptime_live_waits', '1 while the store takes nothing.', ({ lastError }) => (lastError === null ? 0 : 1));
    gauge('hoptime_syslog_received_messages', 'Syslog messages that were taken.', ({ syslog }) =>
      syslog.reduce((sum, { received }) => sum + received, 0),
    );
    gauge(
      'hoptime_syslog_dropped_messages',
      'Syslog messages lost because the spool was full or could not be written.',
      ({ syslog }) => syslog.reduce((sum, { dropped }) => sum + dropped, 0),
    );
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Counts an answered request. */
  seen(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status: String(status) }, seconds);
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
