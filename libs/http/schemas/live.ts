import { z } from 'zod';
import { Count, OptionalTime, Text } from './figures';

const STATES = [
  'following',
  'read',
  'gone',
  'settling',
  'empty',
  'copy',
  'unknown_format',
  'unreadable',
  'forgotten',
] as const;
const Bytes = Count.nullable();

export const Live = z
  .object({
    running: z.boolean().meta({ description: 'live input runs in this process' }),
    watch: z.array(z.string()).meta({ description: 'the watched folders, files and globs' }),
    lag_bytes: Count.meta({ description: 'bytes of all files that are not read yet' }),
    correlations: z
      .object({ count: Count, running: z.boolean(), last_ms: Count.nullable(), last_at: OptionalTime })
      .meta({ description: 'how often the journeys were brought up to date, and how long the last time took' }),
    files: z.array(
      z.object({
        name: z.string().meta({ description: 'the path, or the name of a syslog listener' }),
        path: z.string(),
        input_id: Text,
        state: z.enum(STATES),
        format: Text,
        size_bytes: Bytes,
        lag_bytes: Bytes,
        records: Count,
        rejected: Count,
        last_event_at: OptionalTime,
        last_read_at: OptionalTime,
        problem: Text.meta({ description: 'what hinders it, and what to do' }),
        warning: Text.meta({ description: 'what looks wrong although it could be read' }),
      }),
    ),
    syslog: z.array(
      z.object({
        name: z.string(),
        port: Count,
        received: Count,
        dropped: Count.meta({ description: 'messages lost because the spool was full or could not be written' }),
        oversized: Count,
        cut_off: Count,
        connections: Count,
        refused_connections: Count,
        last_received_at: OptionalTime,
        problem: Text,
      }),
    ),
    problem: Text.meta({ description: 'why the store takes nothing now' }),
  })
  .meta({ id: 'Live' });
