export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A cubic Bézier curve: its ends, and what bends it at each. px */
export type Curve = readonly [from: Point, out: Point, into: Point, to: Point];

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Where on its curve a label stands, best place first: a little before the middle, then away from it. */
const PLACES = [0.42, 0.5, 0.34, 0.58, 0.26, 0.66, 0.2, 0.74];
const SIGN_WIDTH = 8;
const LINE_HEIGHT = 15;

/** The point of a curve at `share` of its way (Bernstein form). */
export function pointOf([a, b, c, d]: Curve, share: number): Point {
  const rest = 1 - share;
  const at = (from: number, out: number, into: number, to: number): number =>
    rest ** 3 * from + 3 * rest ** 2 * share * out + 3 * rest * share ** 2 * into + share ** 3 * to;
  return { x: at(a.x, b.x, c.x, d.x), y: at(a.y, b.y, c.y, d.y) };
}

/**
 * The middles of labels on their curves, so that none lies on another or on a box; undefined where there is no such place. The first has the first choice.
 * @param boxes what stands in the picture already
 */
export function placeLabels(
  labels: readonly { readonly curve: Curve; readonly text: string }[],
  boxes: readonly Box[],
): (Point | undefined)[] {
  const taken = [...boxes];
  return labels.map(({ curve, text }) => {
    for (const share of PLACES) {
      const middle = pointOf(curve, share);
      const box = boxOf(middle, text);
      if (taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      return middle;
    }
    return undefined;
  });
}

function boxOf({ x, y }: Point, text: string): Box {
  const width = text.length * SIGN_WIDTH;
  return { x: x - width / 2, y: y - LINE_HEIGHT / 2, width, height: LINE_HEIGHT };
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
