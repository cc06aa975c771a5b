import { useSyncExternalStore, type ReactElement } from 'react';
import { countText, durationText, shareText } from '../../../libs/delay/duration-text';
import type { Hops } from '../../../libs/http/api-types';
import { layoutPaths, type PathEdge, type PathNode } from './path-layout';

/** The measures of the picture, px. Mail flows from left to right, on a narrow screen downwards. */
interface Frame {
  readonly downwards: boolean;
  readonly width: number;
  readonly height: number;
  /** between one layer and the next */
  readonly between: number;
  /** between the nodes of a layer */
  readonly beside: number;
}

const WIDE: Frame = { downwards: false, width: 208, height: 76, between: 150, beside: 24 };
const NARROW: Frame = { downwards: true, width: 154, height: 94, between: 64, beside: 14 };

interface Point {
  readonly x: number;
  readonly y: number;
}

const narrow = window.matchMedia('(max-width: 640px)');
const subscribe = (listener: () => void): (() => void) => {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
};

/** Which MTA hands mail to which, and what share of the total delay each took. The tables beside it say the same in figures. */
export function PathPicture({ hops }: { hops: Hops }): ReactElement {
  const frame = useSyncExternalStore(subscribe, () => narrow.matches) ? NARROW : WIDE;
  const { layers, edges } = layoutPaths(
    hops.links,
    hops.hops.map(({ mta }) => mta),
  );
  const [along, across] = frame.downwards ? [frame.height, frame.width] : [frame.width, frame.height];
  const breadth = (nodes: number): number => nodes * across + (nodes - 1) * frame.beside;
  const widest = breadth(Math.max(...layers.map((layer) => layer.length), 1));
  const length = layers.length * along + (layers.length - 1) * frame.between;
  const most = Math.max(...edges.map(({ journeys }) => journeys), 1);
  const position = ({ layer, row }: PathNode): Point => {
    const onward = layer * (along + frame.between);
    const aside = (widest - breadth(layers[layer].length)) / 2 + row * (across + frame.beside);
    return frame.downwards ? { x: aside, y: onward } : { x: onward, y: aside };
  };
  const [width, height] = frame.downwards ? [widest, length] : [length, widest];
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
          <Edge
            key={`${edge.from.mta} ${edge.to.mta}`}
            edge={edge}
            thickness={Math.max(1.5, (edge.journeys / most) * 20)}
            isCounted={edge.journeys >= most / 100}
            frame={frame}
            position={position}
          />
        ))}
        {layers.flat().map((node) => (
          <Node key={node.mta} node={node} hops={hops} frame={frame} at={position(node)} />
        ))}
      </svg>
    </div>
  );
}

interface EdgeProps {
  edge: PathEdge;
  thickness: number;
  /** with its number: those of the thinnest lines would lie on each other */
  isCounted: boolean;
  frame: Frame;
  position: (node: PathNode) => Point;
}

function Edge({ edge, thickness, isCounted, frame, position }: EdgeProps): ReactElement {
  const { downwards, width, height, between } = frame;
  const [from, to] = [position(edge.from), position(edge.to)];
  const [a, b] = downwards
    ? [
        { x: from.x + width / 2, y: from.y + height },
        { x: to.x + width / 2, y: to.y },
      ]
    : [
        { x: from.x + width, y: from.y + height / 2 },
        { x: to.x, y: to.y + height / 2 },
      ];
  const ahead = downwards ? b.y - a.y : b.x - a.x;
  const bend = ahead > 0 ? ahead / 2 : between;
  const curve = downwards
    ? `C${a.x} ${a.y + bend} ${b.x} ${b.y - bend} ${b.x} ${b.y}`
    : `C${a.x + bend} ${a.y} ${b.x - bend} ${b.y} ${b.x} ${b.y}`;
  // where the curve is after four tenths of its way
  const [onward, aside] = [0.42, 0.35];
  const label = downwards
    ? { x: a.x + (b.x - a.x) * aside, y: a.y + (b.y - a.y) * onward }
    : { x: a.x + (b.x - a.x) * onward, y: a.y + (b.y - a.y) * aside };
  return (
    <g className="path-edge">
      <title>{`${nameOf(edge.from.mta)} → ${nameOf(edge.to.mta)}: ${countText(edge.journeys)} journeys, transfer p50 ${durationText(edge.transfer_p50_ms)}, p95 ${durationText(edge.transfer_p95_ms)}`}</title>
      <path d={`M${a.x} ${a.y} ${curve}`} strokeWidth={thickness} />
      {isCounted && (
        <text x={label.x} y={label.y + 4} textAnchor="middle">
          {countText(edge.journeys)}
        </text>
      )}
    </g>
  );
}

function Node({ node, hops, frame, at }: { node: PathNode; hops: Hops; frame: Frame; at: Point }): ReactElement {
  const own = node.mta === 'hes' ? hops.hes : hops.hops.find(({ mta }) => mta === node.mta);
  const share = own?.share_of_total ?? null;
  const { width, height, downwards } = frame;
  const p95 = `p95 ${durationText(own?.p95_ms ?? null)}`;
  const n = `n = ${countText(own?.count ?? 0)}`;
  const lines = downwards ? [p95, n] : [`${p95} · ${n}`];
  return (
    <g
      transform={`translate(${at.x} ${at.y})`}
      className={`path-node segment-${node.mta === 'hes' ? 'hes' : 'downstream'}`}
    >
      <title>{`${nameOf(node.mta)}: ${shareText(share)} of the total delay`}</title>
      <rect width={width} height={height} rx="9" className="box" />
      <text x="12" y="21" className="name">
        {cut(nameOf(node.mta), downwards ? 16 : 22)}
      </text>
      <text x="12" y="40">
        {shareText(share)} of the delay
      </text>
      {lines.map((line, index) => (
        <text key={line} x="12" y={56 + index * 16} className="quiet">
          {line}
        </text>
      ))}
      <rect x="12" y={height - 12} width={width - 24} height="5" rx="2.5" className="lane" />
      <rect x="12" y={height - 12} width={(width - 24) * (share ?? 0)} height="5" rx="2.5" className="full" />
    </g>
  );
}

const nameOf = (mta: string): string => (mta === 'hes' ? 'HES' : mta);
const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
