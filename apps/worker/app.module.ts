import { Module, type DynamicModule } from '@nestjs/common';
import { Worker, type WorkerParts } from '../../libs/worker/worker';

/** One worker process. Who makes it starts the worker, and stops it before the process ends. */
@Module({})
export class AppModule {
  static of(parts: WorkerParts): DynamicModule {
    return { module: AppModule, providers: [{ provide: Worker, useFactory: () => new Worker(parts) }] };
  }
}
