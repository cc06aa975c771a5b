import { Module, type DynamicModule } from '@nestjs/common';
import { ApiModule, type ApiParts } from '../../libs/http/api.module';

/** All that `hoptime serve` runs in one process, on one store: the API and, where it is wanted, live input. */
@Module({})
export class ServeModule {
  static of(parts: ApiParts, live?: DynamicModule): DynamicModule {
    return { module: ServeModule, imports: [ApiModule.of(parts), ...(live ? [live] : [])] };
  }
}
