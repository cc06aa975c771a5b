import { endpoint, problemOf } from './ask';

describe('an endpoint', () => {
  it('repeats a parameter for each value and leaves out what is not asked', () => {
    expect(endpoint('hops')).toBe('./api/v1/hops');
    expect(endpoint('journeys', { mta: ['mx1', 'mx&2'], limit: 0, cursor: null, state: [], tz: '' })).toBe(
      './api/v1/journeys?mta=mx1&mta=mx%262&limit=0',
    );
  });
});

describe('a problem', () => {
  it('is what the server says', () => {
    const { title, detail, status, parameter } = problemOf(
      { title: 'Wrong parameter', detail: 'from: is no time', parameter: 'from' },
      400,
    );
    expect([title, detail, status, parameter]).toEqual(['Wrong parameter', 'from: is no time', 400, 'from']);
  });

  it('is the status where the server says nothing that can be read', () => {
    expect(problemOf(null, 502).title).toBe('The server answered with status 502');
    expect(problemOf(null, 502).detail).toContain('hoptime serve');
    expect(problemOf({ title: 7 }, 404).detail).toBe('');
  });
});
