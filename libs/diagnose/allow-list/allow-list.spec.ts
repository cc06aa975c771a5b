import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cidrRange, cidrsOf, type AddressRange } from '../../trace/address-ranges';
import { decisionsOf, lackOf } from './allow-list';
import { allowListOf, readAllowList } from './read-allow-list';

const range = (cidr: string): AddressRange => cidrRange(cidr) as AddressRange;

/** name → [allowed, denied], in CIDRs */
function listsOf(file: string, text: string): Record<string, [string[], string[]]> {
  return Object.fromEntries(
    allowListOf(file, text).lists.map((list) => {
      const { allowed, denied } = decisionsOf(list);
      return [`${list.form} ${list.name}`.trim(), [cidrsOf(allowed), cidrsOf(denied)]];
    }),
  );
}
const problemsOf = (file: string, text: string): string[] =>
  allowListOf(file, text).problems.map(({ line, reason }) => `${line ?? '-'}: ${reason}`);

describe('allow-lists', () => {
  it('reads a list of CIDRs, addresses and ranges', () => {
    const text = [
      '# HES, EMEA',
      '52.48.127.192/26, 52.58.62.192/26; old',
      '52.58.63.0 - 52.58.63.63',
      '  192.0.2.10/24  // host bits',
      '2001:db8::1 10.0.0.0/255.255.0.0',
      '!52.48.127.200',
    ].join('\r\n');
    // An exclusion behind what it is excluded from does nothing: the first rule that matches decides.
    expect(listsOf('firewall.txt', text)).toEqual({
      'cidr-list': [
        ['10.0.0.0/16', '52.48.127.192/26', '52.58.62.192/26', '52.58.63.0/26', '192.0.2.0/24', '2001:db8::1/128'],
        [],
      ],
    });
    expect(problemsOf('firewall.txt', 'allow 192.0.2.0/24\n192.0.2.0/33\n')).toEqual([
      '1: "allow" is no address, CIDR or address range',
      '2: "192.0.2.0/33" is no address, CIDR or address range',
    ]);
  });

  it('reads a cidr table: the first rule that matches decides', () => {
    const text = [
      '# comment',
      '18.185.115.64/26   REJECT no more',
      '18.185.115.0/25    OK',
      '18.185.115.128/26  permit',
      '  # a comment inside, then a continuation',
      '34.253.238.128/26  450 4.7.1 try',
      '    again',
      '34.253.238.192/26  DUNNO',
      '34.253.238.0/24    permit_mynetworks',
      '192.0.2.1/24       OK',
      '2001:db8::/32',
    ].join('\n');
    expect(listsOf('access.cidr', text)).toEqual({
      'access-table': [
        ['18.185.115.0/26', '18.185.115.128/26', '34.253.238.0/25'],
        ['18.185.115.64/26', '34.253.238.128/26'],
      ],
    });
    expect(problemsOf('access.cidr', text)).toEqual([
      '10: "192.0.2.1/24" has host bits set, so Postfix ignores it',
      '11: the rule has no result',
    ]);
  });

  it('takes the other addresses where a cidr rule is negated', () => {
    expect(listsOf('access.cidr', '!128.0.0.0/1 REJECT\n0.0.0.0/0 OK\n')).toEqual({
      'access-table': [['128.0.0.0/1'], ['0.0.0.0/1', '::/0']],
    });
  });

  it('reads connectors of Exchange as JSON, in whatever encoding PowerShell wrote them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hoptime-acl-'));
    const path = join(folder, 'connectors.json');
    const connectors = [
      {
        Name: 'From HES',
        Enabled: true,
        RemoteIPRanges: ['52.48.127.192/26', { Expression: '52.58.62.192-52.58.62.255' }],
      },
      { Name: 'Old', Enabled: false, RemoteIPRanges: ['52.58.63.0/25'] },
      { Name: 'Mask', RemoteIPRanges: { value: ['192.0.2.0(255.255.255.0)'], Count: 1 } },
      { Name: 'Lost', RemoteIPRanges: 'System.String[]' },
      { Name: 'Else' },
    ];
    writeFileSync(path, Buffer.from(`\uFEFF${JSON.stringify(connectors)}`, 'utf16le'));
    const file = readAllowList(path);
    rmSync(folder, { recursive: true });
    if ('reason' in file) throw new Error(file.reason);
    expect(file.lists.map(({ form }) => form)).toEqual(['receive-connectors']);
    expect(cidrsOf(decisionsOf(file.lists[0]).allowed)).toEqual([
      '52.48.127.192/26',
      '52.58.62.192/26',
      '192.0.2.0/24',
    ]);
    expect(file.problems.map(({ reason }) => reason)).toEqual([
      'Old: the connector is disabled, so it does not count',
      "Lost: the export holds System.String[] instead of the addresses: export Get-ReceiveConnector | Select Name,Enabled,@{n='RemoteIPRanges';e={$_.RemoteIPRanges -join ';'}}",
      'Else: it has neither RemoteIPRanges nor SenderIPAddresses',
    ]);
  });

  it('reads connectors as CSV, and one connector that is no array', () => {
    const csv =
      '#TYPE Selected.Microsoft\n"Name","Enabled","SenderIPAddresses"\n"HES, EMEA","True","52.48.127.192/26;52.58.62.192/26"\n';
    expect(listsOf('in.csv', csv)).toEqual({ 'inbound-connectors': [['52.48.127.192/26', '52.58.62.192/26'], []] });
    expect(listsOf('in.json', '{"Name":"a","SenderIPAddresses":["192.0.2.1"]}')).toEqual({
      'inbound-connectors': [['192.0.2.1/32'], []],
    });
    expect(problemsOf('in.json', '[{"Name":')).toEqual(['-: it begins like JSON and is none']);
  });

  it('says what is missing, and what of it a rule turns away', () => {
    const [list] = allowListOf('a.cidr', '52.58.63.64/26 REJECT\n52.58.63.0/27 OK\n').lists;
    const { missing, denied } = lackOf(list, [range('52.58.63.0/25')]);
    expect([cidrsOf(missing), cidrsOf(denied)]).toEqual([['52.58.63.32/27', '52.58.63.64/26'], ['52.58.63.64/26']]);
  });
});

describe('main.cf', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hoptime-maincf-'));
    writeFileSync(join(folder, 'postscreen.cidr'), '18.185.115.0/25 permit\n18.185.115.128/26 reject\n');
    writeFileSync(
      join(folder, 'clients'),
      '# comment\n192.0.2 OK\n192.0.2.7 REJECT\nmail.corp.example OK\n10.0.0.0/8 OK\n',
    );
    writeFileSync(join(folder, 'networks'), '# branches\n10.1.0.0/16\n10.2.0.0/16\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads each list, with the tables beside it', () => {
    const text = [
      'my_branch = 10.9.0.0/16',
      'mynetworks = 127.0.0.0/8 [::1]/128',
      '    !10.1.5.0/24, /etc/postfix/networks ${my_branch}',
      'postscreen_access_list = permit_mynetworks,',
      '# a comment',
      '    cidr:/etc/postfix/postscreen.cidr',
      'smtpd_client_restrictions = check_client_access hash:/etc/postfix/clients,',
      '   check_sender_access hash:/etc/postfix/senders',
      'smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination',
      'smtpd_helo_restrictions = reject_invalid_helo_hostname',
      'myhostname = mx1.corp.example',
    ].join('\n');
    const mynetworks = ['10.1.0.0/22', '10.1.4.0/24', '10.1.6.0/23', '10.1.8.0/21', '10.1.16.0/20', '10.1.32.0/19',
      '10.1.64.0/18', '10.1.128.0/17', '10.2.0.0/16', '10.9.0.0/16', '127.0.0.0/8', '::1/128']; // prettier-ignore
    expect(listsOf(join(folder, 'main.cf'), text)).toEqual({
      'postfix-parameter mynetworks': [mynetworks, ['10.1.5.0/24']],
      'postfix-parameter postscreen_access_list': [
        expect.arrayContaining(['18.185.115.0/25', '127.0.0.0/8']),
        ['18.185.115.128/26'],
      ],
      'postfix-parameter smtpd_client_restrictions': [
        [
          '192.0.2.0/30',
          '192.0.2.4/31',
          '192.0.2.6/32',
          '192.0.2.8/29',
          '192.0.2.16/28',
          '192.0.2.32/27',
          '192.0.2.64/26',
          '192.0.2.128/25',
        ],
        ['192.0.2.7/32'],
      ],
      'postfix-parameter smtpd_relay_restrictions': [expect.arrayContaining(['127.0.0.0/8']), []],
    });
    expect(problemsOf(join(folder, 'main.cf'), text)).toEqual([
      '5: "10.0.0.0/8" is no key of an indexed table: CIDRs need cidr:',
    ]);
  });

  it('names the tables that are not here, and those of other kinds', () => {
    const text =
      'mynetworks = /etc/postfix/nowhere 192.0.2.0/24\nsmtpd_client_restrictions = check_client_access pcre:/etc/postfix/x\nbroken\n';
    expect(problemsOf(join(folder, 'main.cf'), text)).toEqual([
      '3: the line is no NAME = VALUE',
      '1: /etc/postfix/nowhere is not here, so its rules do not count: put a copy of nowhere beside main.cf',
      '2: pcre:/etc/postfix/x is not evaluated: its rules do not count',
    ]);
  });

  it('is told by its name, even where it sets no list', () => {
    expect(problemsOf(join(folder, 'main.cf'), 'myhostname = mx1\n')).toEqual([
      '-: it sets neither mynetworks, postscreen_access_list nor a client check in smtpd_…_restrictions',
    ]);
    expect(listsOf('postconf.out', 'mynetworks = 192.0.2.0/24\n')).toEqual({
      'postfix-parameter mynetworks': [['192.0.2.0/24'], []],
    });
  });
});
