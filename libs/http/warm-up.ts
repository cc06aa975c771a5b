import { ROLLUP_FROM_JOURNEYS } from '../store/rollup';
import type { QueryPool } from '../store/query-pool';
import type { DelaysController } from './delays.controller';
import * as requests from './schemas/requests';

const HOUR_SECONDS = 3600;
const DAYS = 30;

/**
 * Asks of the last 30 days of a large store what a dashboard asks first, so that the first one who does need not wait for code to be compiled, or files
 * to be opened, which takes longer than the answer. Of a small store nothing is asked.
 */
export async function warmUp(pool: Pick<QueryPool, 'rows'>, delays: DelaysController): Promise<void> {
  const [{ last_hour, journeys }] = await pool.rows<{ last_hour: number; journeys: number }>('queries/rollup_end');
  if (journeys <= ROLLUP_FROM_JOURNEYS) return;
  const end = last_hour + HOUR_SECONDS;
  const [from, to] = [end - DAYS * 24 * HOUR_SECONDS, end].map((at) => new Date(at * 1000).toISOString());
  const range = { from, to };
  await Promise.all([
    delays.summary(requests.SummaryQuery.parse(range)),
    delays.timeline(requests.TimelineQuery.parse(range)),
    delays.heatmap(requests.HeatmapQuery.parse(range)),
    delays.breakdown(requests.BreakdownQuery.parse({ ...range, by: 'recipient_domain' })),
  ]);
}
