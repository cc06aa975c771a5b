import { clients } from '../e2e/api-clients.fixture';
import { ServedStore } from '../e2e/api.fixture';

/** A minute of 200 clients that ask without a pause, queries failing beside them: no error, no wrong answer, bounded memory. */
it('200 clients for 60 s', async () => {
  const served = await ServedStore.open();
  try {
    await served.fill(2000, 5);
    const { answered, errors, grownBytes } = await clients(served, 200, { ms: 60_000 });
    console.log(`${answered} answers in 60 s, memory grew by ${Math.round(grownBytes / 2 ** 20)} MiB`);
    expect(errors).toEqual([]);
    expect(answered).toBeGreaterThan(1000);
    expect(grownBytes).toBeLessThan(600 * 2 ** 20);
  } finally {
    await served.close();
  }
}, 180_000);
