import { z } from 'zod';

/** RFC 9457 problem details; `application/problem+json`. */
export const Problem = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().meta({ description: 'the phrase of the status' }),
    status: z.number().int(),
    detail: z.string().meta({ description: 'what is wrong and what to do, in one sentence' }),
    parameter: z.string().optional().meta({ description: 'the parameter that is wrong' }),
    errors: z
      .array(z.object({ parameter: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'all that is wrong, when it is more than one thing' }),
    instance: z.string().optional().meta({ description: 'id of the request, as in the log' }),
  })
  .meta({ id: 'Problem' });

export const Health = z
  .object({ status: z.enum(['ok', 'unavailable']), detail: z.string().optional() })
  .meta({ id: 'Health' });
