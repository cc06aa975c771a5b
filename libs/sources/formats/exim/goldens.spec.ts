import { EventDraft, STATEMENT, TEXT } from '../../../trace/event-draft';
import { LineGoldens, lineRecord } from '../../log-text/line-goldens.fixture';
import { exim } from '.';

const goldens = new LineGoldens(exim, __dirname);

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

  it('bytes that are no UTF-8 stay as they are, and the fields behind them are read', () => {
    const text =
      '2026-11-23 19:56:53 1xVYyK-0000Fo-1v <= j\xf6rg@partner.example H=x [203.0.113.7] S=300 id=b\xff1@partner.example';
    const bytes = Buffer.from(text, 'latin1');
    const draft = new EventDraft();
    const rows: string[][] = [];
    const emit = (): void => {
      const texts = [TEXT.sender, TEXT.messageId].map((c) =>
        Buffer.from(draft.buffer[c]).toString('latin1', draft.from[c], draft.to[c]),
      );
      if (draft.statement === STATEMENT['queue-active']) rows.push(texts);
    };
    const parser = exim.parser({ fileTime: Date.UTC(2026, 10, 24) });
    expect(parser.parse({ bytes, from: 0, to: bytes.length, line: 1 }, { draft, emit })).toBe('events');
    expect(rows).toEqual([['j\xf6rg@partner.example', 'b\xff1@partner.example']]);
  });

  it('are known by their lines, and by no other framing', () => {
    for (const log of goldens.logs) {
      expect(exim.looksLike(goldens.lines(log).map(lineRecord), 'lines').score).toBeGreaterThan(0.7);
    }
    expect(exim.looksLike(goldens.lines(goldens.logs[0]).map(lineRecord), 'csv').score).toBe(0);
  });
});
