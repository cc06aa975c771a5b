import { restfulMs } from './live-ingest';

describe('how often a round begins', () => {
  it.each([
    [0, 0],
    [400, 1200],
    // 3 s after the last one began, and a second of correlating: visible within 4 s
    [1000, 3000],
    [1200, 2800],
    [1500, 3000],
    [4000, 8000],
  ])('correlating for %d ms: every %d ms', (correlating, every) => expect(restfulMs(correlating)).toBe(every));
});
