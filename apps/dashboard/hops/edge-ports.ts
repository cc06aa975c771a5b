import type { PathEdge, PathNode } from './path-layout';

/** Between the lines that meet at one side of a node, px. */
const GAP = 3;

/** Where the middle of a line meets the nodes at its ends: away from the middle of their sides, px. */
export interface Ports {
  readonly from: number;
  readonly to: number;
}

/**
 * Puts the lines that leave or reach a node side by side, in the order of what they lead to, so that they cross as little as may be.
 * @param thickness of each edge, px
 * @param side length of a node's side, px: more lines than fit there lie closer
 * @returns for each edge
 */
export function portsOf(edges: readonly PathEdge[], thickness: readonly number[], side: number): Ports[] {
  const from = edges.map(() => 0);
  const to = edges.map(() => 0);
  const indexes = [...edges.keys()];
  const nodes = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  for (const node of nodes) {
    const leaving = indexes.filter((index) => edges[index].from === node);
    const reaching = indexes.filter((index) => edges[index].to === node);
    stack(
      inOrder(leaving, (index) => edges[index].to),
      thickness,
      side,
      from,
    );
    stack(
      inOrder(reaching, (index) => edges[index].from),
      thickness,
      side,
      to,
    );
  }
  return indexes.map((index) => ({ from: from[index], to: to[index] }));
}

/** By the middle of the other node in its layer: what is nearer by comes first among equals. */
function inOrder(indexes: readonly number[], other: (index: number) => PathNode): number[] {
  return indexes.toSorted((a, b) => other(a).row - other(b).row || other(a).layer - other(b).layer);
}

function stack(indexes: readonly number[], thickness: readonly number[], side: number, offsets: number[]): void {
  const length = indexes.reduce((sum, index) => sum + thickness[index], GAP * (indexes.length - 1));
  const scale = Math.min(1, side / length);
  let at = -length / 2;
  for (const index of indexes) {
    offsets[index] = (at + thickness[index] / 2) * scale;
    at += thickness[index] + GAP;
  }
}
