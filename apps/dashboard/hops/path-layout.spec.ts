import { layoutPaths } from './path-layout';

const link = (mta: string, next_mta: string | null, journeys: number) => ({
  mta,
  next_mta,
  journeys,
  transfer_p50_ms: 0,
  transfer_p95_ms: 0,
});

const layersOf = (...parameters: Parameters<typeof layoutPaths>): string[][] =>
  layoutPaths(...parameters).layers.map((layer) => layer.map(({ mta }) => mta));

describe('the layout of paths', () => {
  it('puts each MTA after all that hand mail to it', () => {
    const links = [link('hes', 'mx1', 9), link('mx1', 'mbx', 8), link('hes', 'mbx', 1), link('mbx', null, 9)];
    expect(layersOf(links, ['mx1', 'mbx'])).toEqual([['hes'], ['mx1'], ['mbx']]);
    expect(layoutPaths(links, []).edges.map(({ from, to, journeys }) => [from.mta, to.mta, journeys])).toEqual([
      ['hes', 'mx1', 9],
      ['mx1', 'mbx', 8],
      ['hes', 'mbx', 1],
    ]);
  });

  it('ends where hosts hand mail to each other in a circle: the thinner link points back', () => {
    const links = [link('hes', 'a', 6), link('a', 'b', 5), link('b', 'a', 1), link('b', 'b', 3)];
    expect(layersOf(links, [])).toEqual([['hes'], ['a'], ['b']]);
    expect(layoutPaths(links, []).edges.map(({ from, to }) => [from.layer, to.layer])).toEqual([
      [0, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  it('does not place an MTA by a link with less than a fiftieth of its mail, which may lie within a layer', () => {
    const links = [link('hes', 'mx1', 99), link('hes', 'mx2', 49), link('mx1', 'mx2', 1), link('mx2', 'mbx', 50)];
    expect(layersOf(links, [])).toEqual([['hes'], ['mx1'], ['mx2'], ['mbx']]);
    expect(layersOf([link('hes', 'mx2', 1), ...links], [])).toEqual([['hes'], ['mx1', 'mx2'], ['mbx']]);
  });

  it('shows an MTA without any link beside the first ones, and HES as the first layer even where it hands on nothing', () => {
    expect(layersOf([link('mx1', null, 4)], ['mx1'])).toEqual([[], ['mx1']]);
  });
});
