import { headlines } from './report-headlines';
import { REPORT } from './report.fixture';

describe('how many mails were late', () => {
  it.each<[Record<string, number>, string | undefined]>([
    [{ none: 1 }, 'The one mail that can be judged was not late.'],
    [{ 'downstream:mx1': 1, not_via_hes: 7 }, 'The one mail that can be judged was late: slow at mx1.'],
    [{ none: 1200 }, 'None of the 1,200 mails that can be judged was late.'],
    [{ none: 1, hes_processing: 1 }, 'Late were 1 of the 2 that can be judged: HES itself 1.'],
    [{ not_via_hes: 7 }, undefined],
  ])('%j', (verdicts, sentence) => {
    const said = headlines({ ...REPORT, verdicts }).split('\n');
    expect(said.find((line) => line.includes('can be judged'))).toBe(sentence);
  });
});
