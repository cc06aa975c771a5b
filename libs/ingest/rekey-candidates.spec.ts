import { openTemporaryStore, writeEvents, type EventFacts } from '../store/temporary-store.fixture';
import { StatementRunner } from '../store/store';
import { Correlator } from './correlator';
import { T0 } from './correlation.fixture';

const HOSTS = 30;

/** The same queue id at many hosts; the one of host i hands over to host i + 1, "queued as" that id, under a new Message-ID. */
function events(): EventFacts[] {
  const at = (
    host: number,
    ms: number,
    facts: Partial<EventFacts> & Pick<EventFacts, 'kind' | 'statement'>,
  ): EventFacts => ({
    eventTime: T0 + host * 1000 + ms,
    mta: `mx${host}`,
    product: 'postfix',
    queueId: '4F2',
    ...facts,
  });
  return Array.from({ length: HOSTS }, (_, host) => [
    at(host, 0, {
      kind: 'opened',
      statement: 'client',
      peer: host ? `mx${host - 1}` : 'far.example',
      peerAddress: '192.0.2.7',
    }),
    at(host, 1, { kind: 'opened', statement: 'message-id', messageId: `${host}@a.example` }),
    at(host, 2, { kind: 'received', statement: 'queue-active', sender: 's@far.example' }),
    at(host, 1000, {
      kind: 'relayed',
      statement: 'delivery',
      recipient: 'r@a.example',
      nextMta: `mx${host + 1}`,
      nextAddress: '192.0.2.8',
      nextQueueId: '4F2',
    }),
  ]).flat();
}

it('a queue id in use at many MTAs pairs only those that name each other', async () => {
  const own = await openTemporaryStore();
  await writeEvents(own.store, events());
  const rows = jest.spyOn(StatementRunner.prototype, 'rows');
  await new Correlator(own.store).correlate();
  const candidates = await Promise.all(
    rows.mock.calls.flatMap(([statement], i) =>
      typeof statement === 'object' && statement.sql.includes('AS distance_ms')
        ? [rows.mock.results[i].value as Promise<unknown[]>]
        : [],
    ),
  );
  rows.mockRestore();
  expect(candidates.map((found) => found.length)).toEqual([HOSTS - 1]);
  const [{ n, hops }] = await own.store.rows<{ n: number; hops: number }>({
    sql: 'SELECT toUInt32(count()) AS n, max(hop_count) AS hops FROM hoptime.journeys',
  });
  expect({ n, hops }).toEqual({ n: 1, hops: HOSTS });
  await own.close();
});
