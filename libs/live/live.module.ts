import { Module, type DynamicModule } from '@nestjs/common';
import { Correlator, type CorrelatorOptions } from '../ingest/correlator';
import type { Store } from '../store/store';
import type { WriteTurn } from '../store/write-turn';
import { LiveService } from './live.service';
import { StoreTarget } from './live-target';

/** Live input for a program that has a store open. */
@Module({})
export class LiveModule {
  /** The module over an open store. Who imports it starts and stops the service; stop it before the store is closed. */
  static over(store: Store, turn: WriteTurn, options: CorrelatorOptions): DynamicModule {
    return {
      module: LiveModule,
      providers: [
        {
          provide: LiveService,
          useFactory: () => new LiveService(new StoreTarget(store, new Correlator(store, options)), turn),
        },
      ],
      exports: [LiveService],
    };
  }
}
