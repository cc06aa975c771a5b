import fc from 'fast-check';
import { FLEET } from './legs.fixture';
import { rekeys, type RekeyCandidate } from './rekeys';

/** MX 1 hands to the mailbox server, whose queue id belongs to another message key. */
function candidate(from: string, to: string, facts: Partial<RekeyCandidate> = {}): RekeyCandidate {
  return {
    from_key: from,
    to_key: to,
    from_hes: 0,
    from_mta: 'mx1.corp.example',
    next_mta: 'mbx.corp.example',
    next_address: '10.0.0.9',
    to_mta: 'mbx.corp.example',
    to_client: 'mta',
    to_nameless: 0,
    to_custody: 'C',
    distance_ms: 0,
    from_leg: `${from} ${to}`,
    ...facts,
  };
}

const found = (...candidates: RekeyCandidate[]): Record<string, string> =>
  Object.fromEntries(rekeys(candidates, FLEET));

describe('rekeys', () => {
  it('the smaller key is the root, whichever way the link goes; keys are numbers', () => {
    expect(found(candidate('5', '7'))).toEqual({ 7: '5' });
    expect(found(candidate('7', '5'))).toEqual({ 7: '5' });
    expect(found(candidate('10', '9'))).toEqual({ 10: '9' });
  });

  it('links chain', () => {
    expect(found(candidate('9', '8'), candidate('8', '7'), candidate('7', '3'))).toEqual({ 9: '3', 8: '3', 7: '3' });
  });

  it('groups that meet become one', () => {
    expect(found(candidate('2', '4'), candidate('1', '3'), candidate('3', '4'))).toEqual({ 2: '1', 3: '1', 4: '1' });
  });

  it('a hand-over goes to the first ownership that fits, which is the nearest', () => {
    const leg = { from_leg: 'L' };
    expect(found(candidate('1', '2', leg), candidate('1', '3', leg))).toEqual({ 2: '1' });
    expect(found(candidate('1', '2', { ...leg, to_mta: 'mx2.corp.example' }), candidate('1', '3', leg))).toEqual({
      3: '1',
    });
  });

  it.each<[string, Partial<RekeyCandidate>, boolean]>([
    ['the host is named', {}, true],
    ['the host is named by its label', { next_mta: 'mbx' }, true],
    ['another host is named', { next_mta: 'mx2.corp.example' }, false],
    ['no host is named', { next_mta: '' }, false],
    ['HES names no host', { from_hes: 1, from_mta: 'hes', next_mta: '' }, true],
    [
      'HES names the MX by a name that no log has, and HES is the client there',
      { from_hes: 1, from_mta: 'hes', next_mta: 'mail.corp.example', to_client: 'hes' },
      true,
    ],
    [
      'HES names a strange host, and the client there is not HES',
      { from_hes: 1, from_mta: 'hes', next_mta: 'mail.corp.example' },
      false,
    ],
    [
      'HES names another MTA of ours with the same queue id',
      { from_hes: 1, from_mta: 'hes', next_mta: 'mx2.corp.example', to_client: 'hes' },
      false,
    ],
    ['the host itself, over loopback', { from_mta: 'mbx.corp.example', next_mta: '', next_address: '127.0.0.1' }, true],
    ['the host itself is the client', { from_mta: 'mbx.corp.example', to_client: 'self' }, true],
    ['the host itself, by way of another host', { from_mta: 'mbx.corp.example', to_client: 'mta' }, false],
  ])('%s', (_what, facts, linked) => {
    expect(found(candidate('1', '2', facts))).toEqual(linked ? { 2: '1' } : {});
  });

  it('the order of hand-overs decides nothing', () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.nat(12), fc.nat(12)), { selector: String, maxLength: 12 });
    fc.assert(
      fc.property(pairs, fc.infiniteStream(fc.nat()), (edges, random) => {
        const candidates = edges.map(([from, to]) => candidate(String(from), String(to)));
        const shuffled = candidates.map((c) => ({ c, at: Number(random.next().value) })).sort((a, b) => a.at - b.at);
        expect(found(...shuffled.map(({ c }) => c))).toEqual(found(...candidates));
      }),
    );
  });
});
