import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { inner, isList, takesCommas } from './query.pipe';

interface Documentation {
  /** what the endpoint answers, in one sentence */
  readonly summary: string;
  readonly query?: z.ZodObject<Record<string, z.ZodType>>;
  /** schema with an id; left out where the answer is no JSON */
  readonly answer?: z.ZodType;
  /** media type of an answer that is no JSON */
  readonly media?: string;
  /** media types of the body; it is taken as bytes */
  readonly body?: readonly string[];
  /** statuses of the problems beside 400, 422 and 503, which every question may answer */
  readonly problems?: readonly number[];
}

/** Describes an endpoint for the OpenAPI document from the same schemas that check its parameters. */
export function Documented({ summary, query, answer, media, body, problems = [] }: Documentation): MethodDecorator {
  const statuses = [...new Set([...(query ? [400, 422, 503] : []), ...problems])].sort();
  return applyDecorators(
    ApiOperation({ summary }),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) => parameter(name, schema)),
    ...(body
      ? [ApiBody({ required: true, ...{ content: Object.fromEntries(body.map((type) => [type, BYTES])) } })]
      : []),
    ApiResponse({ status: 200, description: summary, content: answerContent(answer, media) }),
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: 'problem document (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      }),
    ),
  );
}

const BYTES = { schema: { type: 'string', format: 'binary' } };

function answerContent(answer: z.ZodType | undefined, media = 'text/plain') {
  if (!answer) return { [media]: BYTES };
  return { 'application/json': { schema: { $ref: `#/components/schemas/${answer.meta()?.id}` } } };
}

function parameter(name: string, schema: z.ZodType): MethodDecorator {
  const { description, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const { description: own, ...meta } = { ...inner(schema).meta(), ...schema.meta() };
  const cleaned = { ...json, ...meta } as Record<string, unknown>;
  for (const key of ['$schema', 'commas', 'id']) delete cleaned[key];
  return ApiQuery({
    name,
    required: !schema.safeParse(undefined).success,
    description: (own ?? description) as string | undefined,
    schema: cleaned as never,
    ...(isList(schema) ? { style: 'form', explode: !takesCommas(schema) } : {}),
  }) as MethodDecorator;
}
