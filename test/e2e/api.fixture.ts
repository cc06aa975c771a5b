import 'reflect-metadata';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ServeModule } from '../../apps/cli/serve.module';
import { searchPath } from '../../libs/config/config';
import { startServer } from '../../libs/http/server';
import { IngestService } from '../../libs/ingest/ingest.service';
import { ReportIssuer } from '../../libs/report/issued/report-issuer';
import { simulate } from '../../libs/simulate/simulate';
import type { TrueJourney } from '../../libs/simulate/truth';
import { QueryPool, type QueryPoolOptions } from '../../libs/store/query-pool';
import { Store } from '../../libs/store/store';
import { WriteTurn } from '../../libs/store/write-turn';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A store in a temporary folder behind the real server on a free port. */
export class ServedStore {
  private constructor(
    readonly folder: string,
    readonly store: Store,
    readonly ingest: IngestService,
    readonly pool: QueryPool,
    private readonly app: NestFastifyApplication,
    readonly address: string,
    /** what the server logged */
    readonly log: readonly string[],
  ) {}

  static async open(limits?: QueryPoolOptions, resolver = ''): Promise<ServedStore> {
    const folder = mkdtempSync(join(tmpdir(), 'hoptime-api-'));
    const store = await Store.open(`chdb:${join(folder, 'store')}`);
    const ingest = new IngestService(store);
    const pool = new QueryPool(store, limits);
    const settings = { version: '0.0.0-test', verdictThresholdMs: 60_000, hesNetworks: [], resolver };
    const turn = new WriteTurn();
    const issuer = new ReportIssuer({ store, turn, ingest, options: settings, path: searchPath() });
    const root = ServeModule.of({ pool, ingest, turn, issuer, storePath: store.path, settings });
    const log: string[] = [];
    const { app, address } = await startServer(root, {
      host: '127.0.0.1',
      port: 0,
      dashboardFolder: join(folder, 'dashboard'),
      log: (line) => void log.push(line),
    });
    return new ServedStore(folder, store, ingest, pool, app, address, log);
  }

  /** A made-up fleet in the store; answers the journeys as the simulation knows them. */
  async fill(messages: number, seed: number): Promise<TrueJourney[]> {
    const fleet = join(this.folder, 'fleet');
    const summary = await simulate({ out: fleet, messages, seed, days: 21 });
    for (const { paths, timeZone } of summary.ingest) {
      await this.ingest.ingest(
        paths.map((path) => join(fleet, path)),
        { timeZone },
      );
    }
    const lines = readFileSync(join(fleet, 'truth.ndjson'), 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as TrueJourney);
  }

  /** GET of a path under /api/v1 with JSON as answer. */
  async get<T>(path: string, init?: RequestInit): Promise<Answer<T>> {
    const response = await fetch(`${this.address}/api/v1/${path}`, init);
    return { status: response.status, headers: response.headers, body: (await response.json()) as T };
  }

  /** As {@link get}, where all must be well. */
  async ask<T>(path: string): Promise<T> {
    const { status, body } = await this.get<T>(path);
    expect({ status, problem: status === 200 ? null : body }).toEqual({ status: 200, problem: null });
    return body;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.pool.close();
    await this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Nearest rank (delay model §6): the smallest value with at least that share of values at or below it. */
export function nearestRank(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.find((value, i) => (i + 1) / sorted.length >= share - 1e-12 && value !== undefined) ?? null;
}
