import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { QueryPool } from '../store/query-pool';
import type { WriteTurn } from '../store/write-turn';

/** What Prometheus reads: the process, requests by route and status, and how busy the store is. Routes only, never a path with an address in it. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests: Histogram<'method' | 'route' | 'status'>;

  constructor(pool: QueryPool, turn: WriteTurn) {
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
      name: 'hoptime_store_writers',
      help: 'Works that change the store, running or waiting.',
      registers,
      collect() {
        this.set(turn.pending);
      },
    });
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
