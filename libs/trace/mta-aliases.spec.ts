import { parseMtaAliases } from './mta-aliases';

describe('parseMtaAliases', () => {
  it('reads names of one MTA per line, with comments', () => {
    const text =
      '\uFEFF# the gateways\r\nMX1.corp.example. inbound.corp.example,vm-4711 # moved in May\r\n\r\n  gw  \n[192.0.2.7] legacy\n';
    expect(parseMtaAliases(text)).toEqual({
      aliases: new Map([
        ['mx1.corp.example', 'mx1.corp.example'],
        ['inbound.corp.example', 'mx1.corp.example'],
        ['vm-4711', 'mx1.corp.example'],
        ['gw', 'gw'],
        ['[192.0.2.7]', '[192.0.2.7]'],
        ['legacy', '[192.0.2.7]'],
      ]),
      problems: [],
    });
  });

  it('names the line of a name that stands twice, or is none', () => {
    expect(parseMtaAliases('mx1 a a\n\nmx2 A\nmx3 x=y').problems).toEqual([
      'line 3: a stands on line 1 already',
      'line 4: "x=y" is no host name',
    ]);
  });
});
