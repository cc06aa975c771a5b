import { addressOf, boundsOf, readPageState, type PageState } from './page-state';

const start: PageState = {
  view: 'overview',
  range: { named: 'all' },
  tz: 'UTC',
  clock: 'raw',
  filters: {},
  details: {},
};

describe('the address of a page', () => {
  it('is short where everything has its default', () => {
    expect(readPageState('/', '')).toEqual(start);
    expect(addressOf(start)).toBe('./');
    expect(addressOf({ ...start, view: 'hops' })).toBe('./hops');
  });

  it('says range, zone, filters and selections, and nothing is lost on the way back', () => {
    const state: PageState = {
      view: 'distribution',
      range: { from: '2026-03-02T00:00:00.000Z', to: '2026-03-09T00:00:00.000Z' },
      tz: 'Europe/Berlin',
      clock: 'corrected',
      filters: { mta: ['mx1.corp.example', 'mx2'], verdict: ['downstream:mx1'], recipient_domain: ['a&b.example'] },
      details: { segment: 'downstream', patch: '1000~60000', search: 'a+b@c.example' },
    };
    const address = addressOf(state);
    expect(address).toBe(
      './distribution?from=2026-03-02T00:00:00.000Z&to=2026-03-09T00:00:00.000Z&tz=Europe%2FBerlin&clock=corrected' +
        '&recipient_domain=a%26b.example&mta=mx1.corp.example&mta=mx2&verdict=downstream:mx1' +
        '&segment=downstream&patch=1000%7E60000&search=a%2Bb%40c.example',
    );
    expect(readPageState('/behind/a/proxy/distribution', address.slice(address.indexOf('?')))).toEqual(state);
  });

  it('opens with defaults where a link is mistyped', () => {
    expect(
      readPageState('/nowhere', '?range=yesterday&clock=sundial&tz=Mars/Olympus&from=x&to=2026-03-02&mta='),
    ).toEqual(start);
    expect(readPageState('/', '?from=2026-03-09&to=2026-03-02').range).toEqual({ named: 'all' });
  });

  it('takes days as their first moment, and a value given twice once', () => {
    const state = readPageState('/', '?from=2026-03-02&to=2026-03-09T08:30Z&state=complete&state=complete');
    expect(state.range).toEqual({ from: '2026-03-02T00:00:00.000Z', to: '2026-03-09T08:30:00.000Z' });
    expect(state.filters).toEqual({ state: ['complete'] });
  });
});

describe('the bounds of a range', () => {
  const extent = { from: '2026-03-02T00:00:00.000Z', to: '2026-03-22T00:00:00.001Z' };
  const now = Date.UTC(2026, 2, 31, 12);

  it('are those given, those of the store, or end now', () => {
    expect(boundsOf({ from: 'a', to: 'b' }, now, extent)).toEqual({ from: 'a', to: 'b' });
    expect(boundsOf({ named: 'all' }, now, extent)).toEqual(extent);
    expect(boundsOf({ named: 'all' }, now, null)).toBeNull();
    expect(boundsOf({ named: '7d' }, now, extent)).toEqual({
      from: '2026-03-24T12:00:00.000Z',
      to: '2026-03-31T12:00:00.000Z',
    });
  });
});
