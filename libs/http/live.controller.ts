import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { LiveStatus, WatchedFileStatus } from '../live/live-status';
import type { Live } from './api-types';
import { Documented } from './documented';
import { Live as LiveSchema } from './schemas/live';

/** What answers how live input stands; null where the process takes none in. */
export abstract class LiveSource {
  abstract status(): LiveStatus | null;
}

/** Live input: what is followed, and how far behind it is. */
@ApiTags('operation')
@Controller('api/v1')
export class LiveController {
  constructor(@Inject(LiveSource) private readonly live: LiveSource) {}

  @Get('live')
  @Documented({ summary: 'What live input follows, how far it is behind, and what hinders it', answer: LiveSchema })
  status(): Live {
    const status = this.live.status();
    if (!status) return NONE;
    const { correlations, files, syslog } = status;
    return {
      running: status.running,
      watch: status.watch,
      lag_bytes: status.lag,
      correlations: {
        count: correlations.count,
        running: correlations.running,
        last_ms: correlations.lastMs,
        last_at: timeOf(correlations.lastAt),
      },
      files: files.map(fileOf),
      syslog: syslog.map((listener) => ({
        name: listener.name,
        port: listener.port,
        received: listener.received,
        dropped: listener.dropped,
        oversized: listener.oversized,
        cut_off: listener.cutOff,
        connections: listener.connections,
        refused_connections: listener.refusedConnections,
        last_received_at: timeOf(listener.lastReceivedAt),
        problem: listener.lastError,
      })),
      problem: status.lastError,
    };
  }
}

const NONE: Live = {
  running: false,
  watch: [],
  lag_bytes: 0,
  correlations: { count: 0, running: false, last_ms: null, last_at: null },
  files: [],
  syslog: [],
  problem: null,
};

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const fileOf = (file: WatchedFileStatus): Live['files'][number] => ({
  name: file.name,
  path: file.path,
  input_id: file.inputId,
  state: file.state,
  format: file.format,
  size_bytes: file.size,
  lag_bytes: file.lag,
  records: file.records,
  rejected: file.rejected,
  last_event_at: timeOf(file.lastEventAt),
  last_read_at: timeOf(file.lastReadAt),
  problem: file.lastError,
  warning: file.warning,
});
