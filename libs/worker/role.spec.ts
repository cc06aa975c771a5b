import { parseBusUrl, type BusUrl } from '../config/bus-url';
import { dutiesOf, impossible } from './role';

const MEMORY: BusUrl = { kind: 'memory' };
const KAFKA = parseBusUrl('kafka://k1') as BusUrl;
const CHDB = 'chdb:./data';
const SERVER = 'http://u:sesam@clickhouse:8123/hoptime_store';

it('a role has its duty, all has every one', () => {
  expect(dutiesOf('collector')).toEqual({ collects: true, writes: false, correlates: false, answers: false });
  expect(dutiesOf('all')).toEqual({ collects: true, writes: true, correlates: true, answers: true });
});

it.each([
  ['all', MEMORY, CHDB],
  ['all', KAFKA, CHDB],
  ['all', KAFKA, SERVER],
  ['collector', KAFKA, CHDB],
  ['writer', KAFKA, SERVER],
  ['correlator', KAFKA, SERVER],
  ['api', KAFKA, SERVER],
  ['api', MEMORY, SERVER],
] as const)('%s with %j and %s works', (role, bus, store) => expect(impossible(role, bus, store)).toEqual([]));

it.each([
  ['collector', MEMORY, CHDB, ['BUS_URL=memory: hands over inside one process only']],
  ['writer', KAFKA, CHDB, ['STORE_URL=chdb: belongs to one process']],
  ['api', KAFKA, CHDB, ['STORE_URL=chdb: belongs to one process']],
  [
    'writer',
    MEMORY,
    CHDB,
    ['BUS_URL=memory: hands over inside one process only', 'STORE_URL=chdb: belongs to one process'],
  ],
] as const)('%s with %j and %s is impossible', (role, bus, store, reasons) => {
  const problems = impossible(role, bus, store);
  expect(problems).toHaveLength(reasons.length);
  reasons.forEach((reason, n) => expect(problems[n]).toContain(`WORKER_ROLE=${role}: ${reason}`));
  expect(problems.join()).not.toContain('sesam');
});
