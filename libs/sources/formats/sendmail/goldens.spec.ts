import { LineGoldens, lineRecord } from '../../log-text/line-goldens.fixture';
import { sendmail } from '.';

const goldens = new LineGoldens(sendmail, __dirname);

describe('fixtures', () => {
  it.each(goldens.logs)('%s gives the events that an independent reading gives', (log) => {
    expect(goldens.read(log)).toEqual(goldens.golden(log).records);
  });

  it.each(goldens.logs)(
    '%s: a line cut anywhere has an outcome, events only with it, and nothing behind the cut is read',
    (log) => {
      expect(goldens.wrongCuts(log)).toEqual([]);
    },
  );

  it('are known by their lines, and by no other framing', () => {
    for (const log of goldens.logs) {
      expect(sendmail.looksLike(goldens.lines(log).map(lineRecord), 'lines').score).toBeGreaterThan(0.7);
    }
    expect(sendmail.looksLike(goldens.lines(goldens.logs[0]).map(lineRecord), 'csv').score).toBe(0);
  });
});
