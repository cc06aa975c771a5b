import { lateOf } from './late';

describe('late mail', () => {
  it('is what has a cause, out of what can be judged; the commonest cause first', () => {
    const verdicts = {
      none: 90,
      not_via_hes: 7,
      hes_processing: 4,
      'downstream:mx1': 20,
      upstream: 0,
      'downstream:a': 4,
    };
    expect(lateOf(verdicts)).toEqual({
      late: 28,
      judged: 118,
      causes: [
        ['downstream:mx1', 20],
        ['downstream:a', 4],
        ['hes_processing', 4],
      ],
    });
  });

  it('is nothing where nothing is decided', () => {
    expect(lateOf({})).toEqual({ late: 0, judged: 0, causes: [] });
  });
});
