import { patchText, readPatch } from './patch';

const patch = { from: '2026-03-02T00:00:00.000Z', to: '2026-03-03T00:00:00.000Z', min_ms: 1024, max_ms: 60_000 };

describe('a patch of the heat map', () => {
  it('comes back from an address as it went there, also without borders', () => {
    expect(patchText(patch)).toBe('2026-03-02T00:00:00.000Z~2026-03-03T00:00:00.000Z~1024~60000');
    for (const each of [patch, { ...patch, min_ms: null }, { ...patch, max_ms: null }, { ...patch, min_ms: -5 }]) {
      expect(readPatch(patchText(each))).toEqual(each);
    }
  });

  it('is none where the address makes no sense', () => {
    const wrong = [
      undefined,
      '',
      'a~b~1~2',
      patchText({ ...patch, from: patch.to }),
      patchText({ ...patch, min_ms: 60_000 }),
      `${patchText(patch)}~7`,
      patchText(patch).replace('1024', '1e3'),
    ];
    expect(wrong.map(readPatch)).toEqual(wrong.map(() => null));
  });
});
