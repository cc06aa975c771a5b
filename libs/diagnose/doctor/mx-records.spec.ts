import { checkMx, mailDomain, resolverAt, type MxCheck } from './mx-records';
import { mxFindings } from './mx-findings';
import { NameServer, type ZoneEntry } from './name-server.fixture';

const HES = 'in.hes.trendmicro.eu';
const TMES = 'corp.in.tmes.trendmicro.eu';
const ZONE: Record<string, ZoneEntry> = {
  [HES]: { a: ['203.0.113.10'], aaaa: ['2001:db8::10'] },
  [TMES]: { a: ['203.0.113.21', '203.0.113.20'] },
  'own.corp.example': { a: ['203.0.113.5'] },
  'no-address.corp.example': {},
  'slow.corp.example': { silent: true },
  'all.example': {
    mx: [
      [20, TMES],
      [10, TMES.toUpperCase()],
    ],
  },
  'two-regions.example': {
    mx: [
      [10, TMES],
      [10, HES],
    ],
  },
  'new-region.example': { mx: [[10, 'corp.in.tmes-br.trendmicro.com']] },
  'mixed.example': {
    mx: [
      [10, HES],
      [10, 'own.corp.example'],
    ],
  },
  'first-is-own.example': {
    mx: [
      [10, HES],
      [5, 'own.corp.example'],
    ],
  },
  'backup.example': {
    mx: [
      [10, HES],
      [50, 'own.corp.example'],
      [60, 'no-address.corp.example'],
    ],
  },
  'own.example': {
    mx: [
      [10, 'own.corp.example'],
      [20, 'corp.relay.tmes.trendmicro.com'],
    ],
  },
  'null.example': { mx: [[0, '.']] },
  'null-and-more.example': {
    mx: [
      [0, '.'],
      [10, HES],
    ],
  },
  'no-mx.example': { a: ['203.0.113.9'] },
  'nothing.example': {},
  'broken.example': { rcode: 'SERVFAIL' },
  'secret.example': { rcode: 'REFUSED' },
  'dead.example': { silent: true },
  'long.example': { mx: [[10, HES]], onlyOverTcp: true },
  'slow-host.example': {
    mx: [
      [10, HES],
      [20, 'slow.corp.example'],
    ],
  },
  'literal.example': { mx: [[10, '203.0.113.5']] },
};

let server: NameServer;
beforeAll(async () => {
  server = await NameServer.open(ZONE);
});
afterAll(() => server.close());

const check = (domain: string, timeout?: number): Promise<MxCheck> =>
  checkMx(domain, resolverAt(server.address, timeout));

describe('checkMx', () => {
  test.each([
    ['all.example', 'hes', ['ok']],
    ['two-regions.example', 'hes', ['ok', 'warning']],
    ['new-region.example', 'hes', ['ok', 'note', 'problem']], // its host does not exist here
    ['mixed.example', 'mixed', ['problem']],
    ['first-is-own.example', 'mixed', ['problem']],
    ['backup.example', 'backup_bypasses_hes', ['problem', 'problem']], // and the second backup has no address
    ['own.example', 'not_hes', ['problem', 'problem']], // the relay does not exist here
    ['null.example', 'null_mx', ['problem']],
    ['null-and-more.example', 'hes', ['ok']],
    ['no-mx.example', 'no_mx', ['problem']],
    ['nothing.example', 'no_mx', ['problem']],
    ['missing.example', 'nxdomain', ['problem']],
    ['broken.example', 'servfail', ['unknown']],
    ['secret.example', 'refused', ['unknown']],
    ['long.example', 'hes', ['ok']],
    ['literal.example', 'not_hes', ['problem', 'problem']],
  ])('%s: %s', async (domain, status, severities) => {
    const mx = await check(domain);
    expect(mx.status).toBe(status);
    expect(mxFindings(domain, mx).map(({ severity }) => severity)).toEqual(severities);
  });

  it('tells a server that does not answer from one that says no', async () => {
    const [domain, host] = await Promise.all([check('dead.example', 200), check('slow-host.example', 200)]);
    expect(domain).toEqual({
      status: 'timeout',
      records: [],
      domain_addresses: [],
      problem: 'the name server does not answer in time',
    });
    expect(host.records.map(({ address_status }) => address_status)).toEqual(['found', 'timeout']);
  });

  it('says that no name server can be reached', async () => {
    const closed = await NameServer.open({});
    const { address } = closed;
    await closed.close();
    expect((await checkMx('all.example', resolverAt(address))).status).toBe('unreachable');
  });

  it('answers the records in order, with service, region and addresses', async () => {
    expect((await check('backup.example')).records).toEqual([
      {
        preference: 10,
        exchange: HES,
        service: 'hes',
        region: 'EMEA',
        addresses: ['203.0.113.10', '2001:db8::10'],
        address_status: 'found',
      },
      {
        preference: 50,
        exchange: 'own.corp.example',
        service: null,
        region: null,
        addresses: ['203.0.113.5'],
        address_status: 'found',
      },
      {
        preference: 60,
        exchange: 'no-address.corp.example',
        service: null,
        region: null,
        addresses: [],
        address_status: 'none',
      },
    ]);
    expect((await check('all.example')).records[0].addresses).toEqual(['203.0.113.20', '203.0.113.21']);
    expect((await check('no-mx.example')).domain_addresses).toEqual(['203.0.113.9']);
  });

  it('asks for each name what it needs, and no more', async () => {
    server.questions.length = 0;
    await check('mixed.example');
    expect([...new Set(server.questions)].sort()).toEqual(
      [`A ${HES}`, 'A own.corp.example', `AAAA ${HES}`, 'AAAA own.corp.example', 'MX mixed.example'].sort(),
    );
  });

  it('names what to remove', async () => {
    const finding = async (domain: string) => mxFindings(domain, await check(domain))[0];
    expect(await finding('backup.example')).toEqual({
      check: 'mx',
      severity: 'problem',
      finding:
        "Mail to backup.example can go past HES: the backup MX records 50 own.corp.example, 60 no-address.corp.example are not HES's.",
      advice:
        'Remove the MX records 50 own.corp.example, 60 no-address.corp.example: HES itself keeps mail while your MTA is away, and spam is sent to backups on purpose.',
    });
    expect((await finding('own.example')).finding).toBe(
      'No mail to own.example passes HES: none of its MX records (10 own.corp.example, 20 corp.relay.tmes.trendmicro.com) names an inbound host of HES or TMES. 20 corp.relay.tmes.trendmicro.com is a host for mail that goes out.',
    );
  });
});

describe('mailDomain', () => {
  test.each([
    ['Corp.Example.', 'corp.example'],
    [' münchen.example ', 'xn--mnchen-3ya.example'],
    ['a_b.corp.example', 'a_b.corp.example'],
  ])('%j is %s', (text, domain) => {
    expect(mailDomain(text)).toBe(domain);
  });

  test.each([
    '',
    'localhost',
    'alice@corp.example',
    '192.0.2.1',
    '-a.example',
    'a..example',
    `${'a'.repeat(64)}.example`,
    'a b.example',
    'corp.example/x',
  ])('%j is none', (text) => {
    expect(mailDomain(text)).toBeUndefined();
  });
});
