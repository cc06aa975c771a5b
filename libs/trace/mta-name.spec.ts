import { cpuMs } from '../../test/support/cpu-time';
import { MtaNames } from './mta-name';

describe('MtaNames', () => {
  const fleet = new MtaNames([
    'mx1',
    'mx1.corp.example',
    'mbx.corp.example',
    'out',
    'gw.a.example',
    'gw.b.example',
    'mx1',
  ]);

  it('keeps each name once, sorted', () => {
    expect(fleet.names).toEqual(['gw.a.example', 'gw.b.example', 'mbx.corp.example', 'mx1', 'mx1.corp.example', 'out']);
  });

  it('tells bare labels and labels of full names that no other MTA shares', () => {
    expect(fleet.bare).toEqual(['mx1', 'out']);
    expect(fleet.labels).toEqual(['mbx', 'mx1']);
  });

  it.each<[string, string, string, boolean]>([
    ['equal', 'mbx.corp.example', 'mbx.corp.example', true],
    ['the first label', 'mbx', 'mbx.corp.example', true],
    ['the full name of a bare one', 'out.corp.example', 'out', true],
    ['a bare label and one full name are one MTA', 'mx1', 'mx1.corp.example', true],
    ['and the other way round', 'mx1.corp.example', 'mx1', true],
    ['two full names with one first label', 'mbx.other.example', 'mbx.corp.example', false],
    ['a label that two MTAs share', 'gw', 'gw.a.example', false],
    ['a full name with a shared label, equal', 'gw.a.example', 'gw.a.example', true],
    ['another label', 'mx2', 'mx1', false],
    ['the beginning of a label', 'mb', 'mbx.corp.example', false],
    ['two labels of the name', 'mbx.corp', 'mbx.corp.example', false],
    ['nobody', '', 'mx1', false],
    ['of nobody', 'mx1', '', false],
    ['nobody of nobody', '', '', false],
    ['equal, though no log of it is known', 'hes', 'hes', true],
  ])('%s: %s means %s is %s', (_what, name, mta, means) => expect(fleet.means(name, mta)).toBe(means));

  it.each([
    ['mx1', true],
    ['mx1.corp.example', true],
    ['mbx', true],
    ['out.far.example', true],
    ['gw', false],
    ['gw.a.example', true],
    ['gw.c.example', false],
    ['far.example', false],
    ['', false],
  ])('knows %s: %s', (name, known) => expect(fleet.knows(name)).toBe(known));

  it('a bare label beside two full names means none of them', () => {
    const names = new MtaNames(['gw', 'gw.a.example', 'gw.b.example']);
    expect(names.means('gw', 'gw.a.example')).toBe(false);
    expect(names.means('gw', 'gw')).toBe(true);
    expect(names.bare).toEqual([]);
    expect(names.labels).toEqual([]);
  });

  it('of an empty fleet only equal names mean the same', () => {
    const none = new MtaNames([]);
    expect([none.names, none.bare, none.labels]).toEqual([[], [], []]);
    expect(none.knows('mx1')).toBe(false);
    expect(none.means('mx1', 'mx1.corp.example')).toBe(false);
  });

  it('answers for many names as quickly as for few', () => {
    const many = new MtaNames(Array.from({ length: 20_000 }, (_, i) => `host${i}.corp.example`));
    const asked = Array.from({ length: 20_000 }, (_, i) => `other${i}.far.example`);
    // comparing each with all would be 400 million comparisons
    expect(cpuMs(() => expect(asked.filter((name) => many.knows(name))).toEqual([]))).toBeLessThan(2000);
  });
});

describe('MtaNames with an alias file', () => {
  const aliases = new Map([
    ['mx1.corp.example', 'mx1.corp.example'],
    ['inbound.corp.example', 'mx1.corp.example'],
    ['vm-4711', 'mx1.corp.example'],
    ['gw', 'gw'],
    ['gw.corp.example', 'gw.corp.example'],
    ['elsewhere.far.example', 'elsewhere.far.example'],
    ['e2.far.example', 'elsewhere.far.example'],
  ]);
  const fleet = new MtaNames(['vm-4711', 'gw', 'mbx.corp.example'], aliases);

  it('knows MTAs by all their names', () => {
    expect(fleet.names).toEqual(['gw', 'inbound.corp.example', 'mbx.corp.example', 'mx1.corp.example', 'vm-4711']);
    expect(fleet.bare).toEqual(['gw', 'vm-4711']);
    expect(fleet.labels).toEqual(['inbound', 'mbx', 'mx1']);
  });

  it.each<[string, string, string, boolean]>([
    ['two names of one line', 'inbound.corp.example', 'vm-4711', true],
    ['its first name', 'mx1.corp.example', 'vm-4711', true],
    ['the first label of one of its names', 'mx1', 'vm-4711', true],
    ['a full name of the bare one in the line', 'vm-4711.dc.example', 'vm-4711', true],
    ['two lines, though one is the other’s first label', 'gw.corp.example', 'gw', false],
    ['a name that no line has, by its label', 'gw.other.example', 'gw', true],
    ['names that no line has', 'mbx', 'mbx.corp.example', true],
    ['another MTA', 'inbound.corp.example', 'mbx.corp.example', false],
  ])('%s: %s means %s is %s', (_what, name, mta, means) => {
    expect(fleet.means(name, mta)).toBe(means);
    if (means) expect(fleet.knows(name)).toBe(true);
  });

  it.each([
    ['gw.corp.example', false],
    ['e2.far.example', false],
    ['inbound', true],
    ['inbound.far.example', false],
  ])('knows %s: %s', (name, known) => expect(fleet.knows(name)).toBe(known));
});
