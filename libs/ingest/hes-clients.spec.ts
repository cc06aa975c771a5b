import { openTemporaryStore, writeEvents, type EventFacts } from '../store/temporary-store.fixture';
import { T0 } from './correlation.fixture';
import { Correlator } from './correlator';

/** [name of the client, its address, is it HES?] with 2001:db8:5::/48 and 203.0.113.0/24 in HES_NETWORKS */
const CLIENTS: [peer: string, address: string, viaHes: 'yes' | 'no'][] = [
  ['inpost02.tmes.trendmicro.eu', '192.0.2.1', 'yes'],
  ['in07.tmems-jp.trendmicro.com', '192.0.2.2', 'yes'],
  ['in07.tmems-jp.trendmicro.com.far.example', '192.0.2.2', 'no'],
  ['', '203.0.113.9', 'yes'],
  ['', '203.0.114.9', 'no'],
  ['', '2001:db8:5:ffff::1', 'yes'],
  ['', '2001:db8:6::', 'no'],
  ['', '::ffff:203.0.113.9', 'yes'],
  ['', '::ffff:203.0.112.255', 'no'],
  ['mail.far.example', '2001:db8:4:ffff:ffff:ffff:ffff:ffff', 'no'],
];

function events([peer, peerAddress]: [string, string, string], i: number): EventFacts[] {
  const line = (ms: number, facts: Pick<EventFacts, 'kind' | 'statement'> & Partial<EventFacts>): EventFacts => ({
    eventTime: T0 + i * 1000 + ms,
    mta: 'mx1',
    product: 'postfix',
    queueId: `Q${i}`,
    ...facts,
  });
  return [
    line(0, { kind: 'opened', statement: 'client', peer, peerAddress }),
    line(1, { kind: 'received', statement: 'queue-active', sender: 's@far.example' }),
    line(2, { kind: 'delivered', statement: 'delivery', recipient: `r${i}@corp.example`, delayMs: 2, delayUnitMs: 1 }),
  ];
}

it('a HES client is known by its name, in later regions too, or by its address, IPv4 or IPv6', async () => {
  const own = await openTemporaryStore();
  await writeEvents(own.store, CLIENTS.flatMap(events));
  const hesNetworks = ['2001:db8:5::/48', '203.0.113.0/24'];
  await new Correlator(own.store, { verdictThresholdMs: 60_000, hesNetworks }).correlate();
  const rows = await own.store.rows<{ via: string }>({
    sql: 'SELECT via_hes AS via FROM hoptime.journeys ORDER BY first_event_at',
  });
  expect(rows.map(({ via }) => via)).toEqual(CLIENTS.map(([, , via]) => via));
  await own.close();
});
