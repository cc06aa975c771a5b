import type * as api from '../../libs/http/api-types';
import type { ServedStore } from './api.fixture';

/** A query that fails after it has written rows: what it wrote must reach nobody (storage.md B1.4). */
const FAILING = `SELECT 'of another' AS from_at, throwIf(number = 100000, 'broken on purpose') AS t FROM numbers(150000)
  SETTINGS max_threads = 1, max_block_size = 1000`;

/** How long each client asks: so often, or so many ms. */
export type Asking = { readonly times: number } | { readonly ms: number };

/**
 * So many clients ask without a pause, each for ranges of its own, while queries fail in mid-stream beside them. An answer that is not the
 * one to the question is an error.
 */
export async function clients(
  served: ServedStore,
  count: number,
  asks: Asking,
): Promise<{ answered: number; errors: string[]; grownBytes: number }> {
  let asking = true;
  const before = process.memoryUsage().rss;
  const errors: string[] = [];
  let answered = 0;
  let most = before;
  const failing = async (): Promise<void> => {
    while (asking) {
      await served.pool.rows({ sql: FAILING }).then(
        () => errors.push('a query that was to fail did not'),
        () => undefined,
      );
      most = Math.max(most, process.memoryUsage().rss);
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  const begin = performance.now();
  const asksAgain = (i: number): boolean => ('times' in asks ? i < asks.times : performance.now() - begin < asks.ms);
  const client = async (number: number): Promise<void> => {
    for (let i = 0; asksAgain(i); i++) {
      const from = new Date(Date.UTC(2026, 0, 1) + (number * 1000 + i) * 1000).toISOString();
      const path = PATHS[(number + i) % PATHS.length];
      try {
        const answer = await served.get<api.Summary>(`${path}from=${from}&to=2027-01-01`);
        if (answer.status !== 200) errors.push(`${answer.status} ${path}`);
        else if (answer.body.from !== from || JSON.stringify(answer.body).includes('of another'))
          errors.push(`wrong answer to ${path}`);
        else answered++;
      } catch (error) {
        errors.push(`${path}: ${String(error)}`);
      }
    }
  };
  const beside = [failing(), failing()];
  await Promise.all(Array.from({ length: count }, (_, number) => client(number)));
  asking = false;
  await Promise.all(beside);
  return { answered, errors: [...new Set(errors)], grownBytes: most - before };
}

const PATHS = [
  'delays/summary?',
  'delays/timeline?',
  'delays/heatmap?segment=total&',
  'delays/breakdown?by=recipient_domain&',
  'journeys?limit=10&',
  'hops?',
];
