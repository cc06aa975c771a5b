import { useEffect, useRef, useState, useSyncExternalStore, type ReactElement, type RefObject } from 'react';
import { countText, durationText, shareText } from '../../../libs/delay/duration-text';
import type { Hops } from '../../../libs/http/api-types';
import { placeLabels, type Curve, type Point } from './edge-labels';
import { portsOf, type Ports } from './edge-ports';
import { layoutPaths, type PathEdge, type PathNode } from './path-layout';

/** The measures of the picture, px. Mail flows from left to right, on a narrow screen downwards. */
interface Frame {
  readonly downwards: boolean;
  readonly width: number;
  readonly height: number;
  /** between one layer and the next, at least and at most */
  readonly between: number;
  readonly betweenAtMost: number;
  /** between the nodes of a layer */
  readonly beside: number;
}

const WIDE: Frame = { downwards: false, width: 208, height: 76, between: 150, betweenAtMost: 420, beside: 24 };
const NARROW: Frame = { downwards: true, width: 154, height: 94, between: 64, betweenAtMost: 64, beside: 14 };

/** The corners of a node are round: no line meets them. px */
const CORNER = 9;
/** How far a line within a layer goes aside. px */
const BOW = 60;

const narrow = window.matchMedia('(max-width: 640px)');
const subscribe = (listener: () => void): (() => void) => {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
};

/** Which MTA hands mail to which, and what share of the total delay each took. The tables beside it say the same in figures. */
export function PathPicture({ hops }: { hops: Hops }): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  const room = useWidth(place);
  const measures = useSyncExternalStore(subscribe, () => narrow.matches) ? NARROW : WIDE;
  const { layers, edges } = layoutPaths(
    hops.links,
    hops.hops.map(({ mta }) => mta),
  );
  const frame = { ...measures, between: betweenLayers(measures, layers.length, room) };
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
  const thickness = edges.map(({ journeys }) => Math.max(1.5, (journeys / most) * 20));
  const ports = portsOf(edges, thickness, across - 2 * CORNER);
  const drawn = edges.map((edge, index) => ({
    edge,
    curve: curveOf(position(edge.from), position(edge.to), ports[index], frame),
  }));
  // The thickest come first. Those of the thinnest lines would lie on each other.
  const counted = drawn.filter(({ edge }) => edge.journeys >= most / 100);
  const labels = placeLabels(
    counted.map(({ edge, curve }) => ({ curve, text: countText(edge.journeys) })),
    boxes,
  );
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label="Path picture" ref={place}>
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
            thickness={thickness[index]}
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

/** Layers stand as far apart as there is room for, so that lines and their numbers are told from each other. */
function betweenLayers({ width, between, betweenAtMost }: Frame, layers: number, room: number): number {
  const fits = (room - 2 - layers * width) / Math.max(1, layers - 1);
  return Math.max(between, Math.min(betweenAtMost, Math.floor(fits)));
}

/** The width of an element, px, also after it has changed; 0 before it is known. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const observer = new ResizeObserver(() => setWidth(current.clientWidth));
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** From the side of a node where mail leaves it to the side of the next where mail comes in; within a layer, in a bow back to that same side. */
function curveOf(from: Point, to: Point, ports: Ports, { downwards, width, height, between }: Frame): Curve {
  if (downwards) {
    const isBeside = to.y === from.y;
    const [a, b] = [
      { x: from.x + width / 2 + ports.from, y: from.y + height },
      { x: to.x + width / 2 + ports.to, y: isBeside ? to.y + height : to.y },
    ];
    const bend = bendOf(b.y - a.y, between);
    return [a, { x: a.x, y: a.y + bend }, { x: b.x, y: isBeside ? b.y + bend : b.y - bend }, b];
  }
  const isBeside = to.x === from.x;
  const [a, b] = [
    { x: from.x + width, y: from.y + height / 2 + ports.from },
    { x: isBeside ? to.x + width : to.x, y: to.y + height / 2 + ports.to },
  ];
  const bend = bendOf(b.x - a.x, between);
  return [a, { x: a.x + bend, y: a.y }, { x: isBeside ? b.x + bend : b.x - bend, y: b.y }, b];
}

/** How far a line goes on straight before it turns. */
function bendOf(onward: number, between: number): number {
  if (onward > 0) return onward / 2;
  return onward === 0 ? Math.min(between / 2, BOW) : between;
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
        {cut(nameOf(node.mta), downwards ? 16 : 20)}
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
