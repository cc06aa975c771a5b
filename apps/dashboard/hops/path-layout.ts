import type { Hops } from '../../../libs/http/api-types';

type Link = Hops['links'][number];

/** A node of the path picture: an MTA, in a layer after all that hand mail to it. */
export interface PathNode {
  readonly mta: string;
  readonly layer: number;
  /** place within its layer, from 0 */
  readonly row: number;
}

export interface PathEdge {
  readonly from: PathNode;
  readonly to: PathNode;
  readonly journeys: number;
  readonly transfer_p50_ms: number | null;
  readonly transfer_p95_ms: number | null;
}

export interface PathLayout {
  readonly layers: readonly (readonly PathNode[])[];
  readonly edges: readonly PathEdge[];
}

/** A link with a smaller part of what an MTA receives does not decide where that one stands: one odd mail would turn the picture around. */
const RARE = 0.02;

/**
 * Places `hes` and the MTAs after it in layers, so that mail flows from left to right. Where hosts hand mail to each other in a circle, the
 * thinner link of the circle may point back.
 */
export function layoutPaths(links: readonly Link[], mtas: readonly string[]): PathLayout {
  const drawn = links
    .filter((link): link is Link & { next_mta: string } => link.next_mta !== null && link.next_mta !== link.mta)
    .toSorted((a, b) => b.journeys - a.journeys || (`${a.mta} ${a.next_mta}` < `${b.mta} ${b.next_mta}` ? -1 : 1));
  const forward: typeof drawn = [];
  for (const link of drawn) if (!leadsTo(forward, link.next_mta, link.mta)) forward.push(link);
  const names = new Set([...drawn.flatMap(({ mta, next_mta }) => [mta, next_mta]), ...mtas]);
  const layerOf = new Map<string, number>();
  const place = (mta: string): number => {
    const known = layerOf.get(mta);
    if (known !== undefined) return known;
    const towards = forward.filter((link) => link.next_mta === mta);
    const received = towards.reduce((sum, { journeys }) => sum + journeys, 0);
    const usual = towards.filter(({ journeys }) => journeys >= RARE * received);
    const before = usual.map((link) => place(link.mta) + 1);
    // an MTA that mail reaches past HES stands beside those that HES hands mail to
    const layer = mta === 'hes' ? 0 : Math.max(1, ...before);
    layerOf.set(mta, layer);
    return layer;
  };
  for (const name of names) place(name);
  const layers: PathNode[][] = [];
  for (const [mta, layer] of layerOf) {
    layers[layer] ??= [];
    layers[layer].push({ mta, layer, row: layers[layer].length });
  }
  const filled = Array.from(layers, (layer) => layer ?? []);
  const nodes = new Map(filled.flat().map((node) => [node.mta, node]));
  return {
    layers: filled,
    edges: drawn.map(({ mta, next_mta, journeys, transfer_p50_ms, transfer_p95_ms }) => ({
      from: nodes.get(mta) as PathNode,
      to: nodes.get(next_mta) as PathNode,
      journeys,
      transfer_p50_ms,
      transfer_p95_ms,
    })),
  };
}

function leadsTo(links: readonly Link[], from: string, to: string, seen = new Set<string>()): boolean {
  if (from === to) return true;
  seen.add(from);
  return links.some(
    ({ mta, next_mta }) =>
      mta === from && next_mta !== null && !seen.has(next_mta) && leadsTo(links, next_mta, to, seen),
  );
}
