import { REPORT } from '../../delay/report.fixture';
import { differingFigures, figuresOf, figuresOfNewer, issuedJson } from './figures';

const document = (report: Partial<typeof REPORT>): Parameters<typeof issuedJson>[0] => ({
  report: { ...REPORT, ...report },
  distribution: { buckets: [[0, 1]], cells: [{ at_ms: 0, segment: 'hes', bucket: 0, count: 7 }] },
  overTime: { buckets: [], cells: [] },
  months: [],
  domains: [],
  exceptions: [],
  method: { 'Hoptime version': '1' },
});
const figures = (report: Partial<typeof REPORT> = {}): ReturnType<typeof figuresOf> =>
  figuresOf(issuedJson(document(report)));

it('names each figure by its place, items of lists by their own names, and no person', () => {
  const all = figures();
  expect(all.get('segments.hes.p95_ms')).toBe(12_000);
  expect(all.get('hops[mx1].share_of_downstream')).toBe(0.7);
  expect(all.get('hops[mbx1].p50_ms')).toBeNull();
  expect(all.get('pages.distribution.cells[0 hes 0].count')).toBe(7);
  expect(all.get('slowest[0].total_ms')).toBe(1_000_000);
  expect([...all.keys()].filter((name) => /generated_at|version|method|buckets/.test(name))).toEqual([]);
  expect(JSON.stringify([...all])).not.toMatch(/alice|it's-late/);
});

it('says what differs: a value, an item more without moving the others, other evidence', () => {
  const [mx1, mbx1] = REPORT.hops;
  const hops = [{ ...mx1, mta: 'mx0', count: 1 }, mx1, { ...mbx1, count: 551 }];
  const slowest = [{ ...REPORT.slowest[0], recipient: 'carol@corp.example' }];
  const different = differingFigures(figures(), figures({ hops, slowest }));
  expect(different.filter(({ figure }) => /count$/.test(figure))).toEqual([
    { figure: 'hops[mbx1].count', before: 550, after: 551 },
    { figure: 'hops[mx0].count', before: null, after: 1 },
  ]);
  expect(different.filter(({ figure }) => !/^hops\[m(x0|bx1)\]/.test(figure)).map(({ figure }) => figure)).toEqual([
    'slowest[0].mail',
  ]);
});

it('tells figures that only a newer program knows from items that are new', () => {
  const issued = new Map([['hops[mx1].count', 1]]);
  const computed = new Map([...issued, ['hops[mx2].count', 2], ['hops[mx1].novelty', 3], ['novelty.count', 4]]);
  expect([...figuresOfNewer(issued, computed)]).toEqual(['hops[mx1].novelty', 'novelty.count']);
});
