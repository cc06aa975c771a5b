import { type ReactElement } from 'react';
import { countText, durationText, shareText } from '../../../libs/delay/duration-text';
import type { Hops } from '../../../libs/http/api-types';
import { layoutPaths, type PathEdge, type PathNode } from './path-layout';

const WIDTH = 208;
const HEIGHT = 76;
const ACROSS = 150;
const DOWN = 24;

/** Which MTA hands mail to which, and what share of the total delay each took. The tables beside it say the same in figures. */
export function PathPicture({ hops }: { hops: Hops }): ReactElement {
  const { layers, edges } = layoutPaths(
    hops.links,
    hops.hops.map(({ mta }) => mta),
  );
  const tallest = Math.max(...layers.map((layer) => layer.length), 1);
  const width = layers.length * WIDTH + (layers.length - 1) * ACROSS;
  const height = tallest * HEIGHT + (tallest - 1) * DOWN;
  const most = Math.max(...edges.map(({ journeys }) => journeys), 1);
  const position = ({ layer, row }: PathNode): { x: number; y: number } => {
    const own = layers[layer].length;
    const free = height - (own * HEIGHT + (own - 1) * DOWN);
    return { x: layer * (WIDTH + ACROSS), y: free / 2 + row * (HEIGHT + DOWN) };
  };
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label="Path picture">
      <svg
        role="img"
        aria-label="Paths of the mail from HES over the MTAs after it; the figures stand in the tables"
        width={width + 2}
        height={height + 2}
        viewBox={`-1 -1 ${width + 2} ${height + 2}`}
        className="paths"
      >
        {edges.map((edge) => (
          <Edge key={`${edge.from.mta} ${edge.to.mta}`} edge={edge} most={most} position={position} />
        ))}
        {layers.flat().map((node) => (
          <Node key={node.mta} node={node} hops={hops} {...position(node)} />
        ))}
      </svg>
    </div>
  );
}

interface EdgeProps {
  edge: PathEdge;
  most: number;
  position: (node: PathNode) => { x: number; y: number };
}

function Edge({ edge, most, position }: EdgeProps): ReactElement {
  const [from, to] = [position(edge.from), position(edge.to)];
  const [x1, y1, x2, y2] = [from.x + WIDTH, from.y + HEIGHT / 2, to.x, to.y + HEIGHT / 2];
  const bend = x2 > x1 ? (x2 - x1) / 2 : ACROSS;
  return (
    <g className="path-edge">
      <title>{`${nameOf(edge.from.mta)} → ${nameOf(edge.to.mta)}: ${countText(edge.journeys)} journeys, transfer p50 ${durationText(edge.transfer_p50_ms)}, p95 ${durationText(edge.transfer_p95_ms)}`}</title>
      <path
        d={`M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
        strokeWidth={Math.max(1.5, (edge.journeys / most) * 20)}
      />
      <text x={x1 + (x2 - x1) * 0.42} y={y1 + (y2 - y1) * 0.35 + 4} textAnchor="middle">
        {countText(edge.journeys)}
      </text>
    </g>
  );
}

function Node({ node, hops, x, y }: { node: PathNode; hops: Hops; x: number; y: number }): ReactElement {
  const own = node.mta === 'hes' ? hops.hes : hops.hops.find(({ mta }) => mta === node.mta);
  const share = own?.share_of_total ?? null;
  return (
    <g transform={`translate(${x} ${y})`} className={`path-node segment-${node.mta === 'hes' ? 'hes' : 'downstream'}`}>
      <title>{`${nameOf(node.mta)}: ${shareText(share)} of the total delay`}</title>
      <rect width={WIDTH} height={HEIGHT} rx="9" className="box" />
      <text x="12" y="21" className="name">
        {cut(nameOf(node.mta))}
      </text>
      <text x="12" y="40">
        {shareText(share)} of the delay
      </text>
      <text x="12" y="56" className="quiet">
        p95 {durationText(own?.p95_ms ?? null)} · n = {countText(own?.count ?? 0)}
      </text>
      <rect x="12" y="64" width={WIDTH - 24} height="5" rx="2.5" className="lane" />
      <rect x="12" y="64" width={(WIDTH - 24) * (share ?? 0)} height="5" rx="2.5" className="full" />
    </g>
  );
}

const nameOf = (mta: string): string => (mta === 'hes' ? 'HES' : mta);
const cut = (text: string): string => (text.length > 22 ? `${text.slice(0, 21)}…` : text);
