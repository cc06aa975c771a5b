import { portsOf } from './edge-ports';
import { layoutPaths } from './path-layout';

const link = (mta: string, next_mta: string, journeys: number) => ({
  mta,
  next_mta,
  journeys,
  transfer_p50_ms: 0,
  transfer_p95_ms: 0,
});

/** By names: edges come the thickest first. */
function ports(links: ReturnType<typeof link>[], thickness: number[], side: number): Record<string, [number, number]> {
  const { edges } = layoutPaths(links, []);
  return Object.fromEntries(
    portsOf(edges, thickness, side).map(({ from, to }, index) => [
      `${edges[index].from.mta} ${edges[index].to.mta}`,
      [from, to],
    ]),
  );
}

it('leaves a line that is alone in the middle', () => {
  expect(ports([link('hes', 'mx1', 9)], [20], 60)).toEqual({ 'hes mx1': [0, 0] });
});

it('puts lines side by side, with a gap, in the order of the nodes they lead to', () => {
  // 20 + 3 + 10 px: from -16.5 to 3.5, and from 6.5 to 16.5
  expect(ports([link('hes', 'mx1', 20), link('hes', 'mx2', 10)], [20, 10], 60)).toEqual({
    'hes mx1': [-6.5, 0],
    'hes mx2': [11.5, 0],
  });
});

it('orders what reaches a node by where it comes from', () => {
  const links = [link('hes', 'mx1', 30), link('hes', 'mx2', 20), link('mx2', 'mbx', 20), link('mx1', 'mbx', 10)];
  // edges by journeys: hes mx1, hes mx2, mx2 mbx, mx1 mbx; into mbx 4 + 3 + 8 px
  expect(ports(links, [12, 8, 8, 4], 60)).toMatchObject({ 'mx1 mbx': [0, -5.5], 'mx2 mbx': [0, 3.5] });
});

it('draws more lines than fit at a side closer together', () => {
  // 20 + 3 + 20 px at a side of 21.5 px: half of each
  expect(ports([link('hes', 'a', 2), link('hes', 'b', 2)], [20, 20], 21.5)).toEqual({
    'hes a': [-5.75, 0],
    'hes b': [5.75, 0],
  });
});
