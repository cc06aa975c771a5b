import { useSyncExternalStore, type ReactElement } from 'react';
import { countText, durationText, shareText } from '../../../libs/delay/duration-text';
import type { Hops } from '../../../libs/http/api-types';
import { placeLabels, type Curve, type Point } from './edge-labels';
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
  const boxes = layers.flat().map((node) => ({ ...position(node), width: frame.width, height: frame.height }));
  const drawn = edges.map((edge) => ({ edge, curve: curveOf(position(edge.from), position(edge.to), frame) }));
  // The thickest come first. Those of the thinnest lines would lie on each other.
  const counted = drawn.filter(({ edge }) => edge.journeys >= most / 100);
  const labels = placeLabels(
    counted.map(({ edge, curve }) => ({ curve, text: countText(edge.journeys) })),
    boxes,
  );
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
        {drawn.map(({ edge, curve }, index) => (
          <Edge
            key={`${edge.from.mta} ${edge.to.mta}`}
            edge={edge}
            curve={curve}
            thickness={Math.max(1.5, (edge.journeys / most) * 20)}
            label={labels[index]}
          />
        ))}
        {layers.flat().map((node) => (
          <Node key={node.mta} node={node} hops={hops} frame={frame} at={position(node)} />
        ))}
      </svg>
    </div>
  );
}

/** From the side of a node where mail leaves it to the side of the next where mail comes in. */
function curveOf(from: Point, to: Point, { downwards, width, height, between }: Frame): Curve {
  if (downwards) {
    const [a, b] = [
      { x: from.x + width / 2, y: from.y + height },
      { x: to.x + width / 2, y: to.y },
    ];
    const bend = b.y > a.y ? (b.y - a.y) / 2 : between;
    return [a, { x: a.x, y: a.y + bend }, { x: b.x, y: b.y - bend }, b];
  }
  const [a, b] = [
    { x: from.x + width, y: from.y + height / 2 },
    { x: to.x, y: to.y + height / 2 },
  ];
  const bend = b.x > a.x ? (b.x - a.x) / 2 : between;
  return [a, { x: a.x + bend, y: a.y }, { x: b.x - bend, y: b.y }, b];
}

interface EdgeProps {
  edge: PathEdge;
  curve: Curve;
  thickness: number;
  /** where its number stands; undefined: nowhere, the title has it */
  label: Point | undefined;
}

function Edge({ edge, curve, thickness, label }: EdgeProps): ReactElement {
  const [a, out, into, b] = curve.map(({ x, y }) => `${x} ${y}`);
  return (
    <g className="path-edge">
      <title>{`${nameOf(edge.from.mta)} → ${nameOf(edge.to.mta)}: ${countText(edge.journeys)} journeys, transfer p50 ${durationText(edge.transfer_p50_ms)}, p95 ${durationText(edge.transfer_p95_ms)}`}</title>
      <path d={`M${a} C${out} ${into} ${b}`} strokeWidth={thickness} />
      {label && (
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
