import { Module, type DynamicModule } from '@nestjs/common';
import { ClockService } from '../delay/clocks/clock.service';
import type { IngestService } from '../ingest/ingest.service';
import { QueryPool } from '../store/query-pool';
import type { WriteTurn } from '../store/write-turn';
import { API_SETTINGS, type ApiSettings } from './api-settings';
import { AuditController } from './audit.controller';
import { ClocksController } from './clocks.controller';
import { DelaysController } from './delays.controller';
import { DoctorController } from './doctor.controller';
import { FleetController } from './fleet.controller';
import { HealthController } from './health.controller';
import { IngestController } from './ingest.controller';
import { InspectController } from './inspect.controller';
import { JourneysController } from './journeys.controller';
import { LiveController, LiveSource } from './live.controller';
import { Metrics } from './metrics';
import { ReportIssuer } from '../report/issued/report-issuer';
import { ReportsController } from './reports.controller';
import { SlaController } from './sla.controller';
import { DEFAULT_UPLOAD_LIMITS, Uploads } from './uploads';

/** What the API works on: all of one open store. */
export interface ApiParts {
  readonly pool: QueryPool;
  readonly ingest: IngestService;
  /** the turn of everything that changes this store */
  readonly turn: WriteTurn;
  /** folder of the store: uploads are kept below it */
  readonly storePath: string;
  readonly issuer: ReportIssuer;
  readonly settings: ApiSettings;
  /** left out where the process takes no live input */
  readonly live?: LiveSource;
}

const NO_LIVE: LiveSource = { status: () => null };

/** The HTTP API of interfaces.md §5. */
@Module({})
export class ApiModule {
  static of({ pool, ingest, turn, storePath, issuer, settings, live = NO_LIVE }: ApiParts): DynamicModule {
    const uploads = new Uploads(storePath, ingest, turn, DEFAULT_UPLOAD_LIMITS, pool.pseudonyms === undefined);
    return {
      module: ApiModule,
      controllers: [
        DelaysController,
        FleetController,
        ClocksController,
        JourneysController,
        IngestController,
        InspectController,
        DoctorController,
        LiveController,
        SlaController,
        ReportsController,
        AuditController,
        HealthController,
      ],
      providers: [
        { provide: QueryPool, useValue: pool },
        { provide: ClockService, useValue: new ClockService(pool) },
        { provide: ReportIssuer, useValue: issuer },
        { provide: API_SETTINGS, useValue: settings },
        { provide: Metrics, useValue: new Metrics(pool, turn, live) },
        { provide: LiveSource, useValue: live },
        { provide: Uploads, useValue: uploads },
      ],
      exports: [QueryPool, Metrics],
    };
  }
}
