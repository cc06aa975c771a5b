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
});
