import { Module, type DynamicModule } from '@nestjs/common';
import { ApiModule, type ApiParts } from '../../libs/http/api.module';

/** All that `hoptime serve` runs in one process, on one store. Live input joins `imports`. */
@Module({})
export class ServeModule {
  static of(parts: ApiParts): DynamicModule {
    return { module: ServeModule, imports: [ApiModule.of(parts)] };
  }
}
