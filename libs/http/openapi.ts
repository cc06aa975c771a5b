import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import './api-types';
import { LOGIN_PATHS } from './oidc-routes';
import './schemas/problem';

const DESCRIPTION = `How long mail waited, and where. Words are those of the delay model; times are ISO 8601 UTC with milliseconds, durations whole
milliseconds, unknown is null. A journey lies in the range that contains its first event. Filters may be repeated: one of the values must match,
and every filter must. Failures are problem documents (RFC 9457).`;

/** The OpenAPI 3.1 document of the routes of an application. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Hoptime')
    .setDescription(DESCRIPTION.replaceAll('\n', ' '))
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .build();
  const document = SwaggerModule.createDocument(app, base, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '').toLowerCase()}_${method}`,
  });
  return {
    ...document,
    paths: { ...document.paths, ...LOGIN_PATHS },
    components: { ...document.components, schemas: schemas() },
  };
}

/** Every schema with an id, as JSON Schema, which OpenAPI 3.1 takes as it is. */
function schemas(): NonNullable<NonNullable<OpenAPIObject['components']>['schemas']> {
  const { schemas: all } = z.toJSONSchema(z.globalRegistry, { uri: (id) => `#/components/schemas/${id}` });
  const named = Object.entries(all).map(([id, schema]): [string, object] => {
    const own = Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id');
    return [id, Object.fromEntries(own)];
  });
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}
