import { placeLabels, pointOf, type Curve } from './edge-labels';

const straight = (fromX: number, toX: number, y: number): Curve => {
  const third = (toX - fromX) / 3;
  return [
    { x: fromX, y },
    { x: fromX + third, y },
    { x: toX - third, y },
    { x: toX, y },
  ];
};

describe('labels of edges', () => {
  it('know their curve', () => {
    const curve: Curve = [
      { x: 0, y: 0 },
      { x: 75, y: 0 },
      { x: 75, y: 80 },
      { x: 150, y: 80 },
    ];
    expect([0, 0.5, 1].map((share) => pointOf(curve, share))).toEqual([
      { x: 0, y: 0 },
      { x: 75, y: 40 },
      { x: 150, y: 80 },
    ]);
    // three eighths of the second point, three of the third, one of the last
    expect(pointOf(curve, 0.25).y).toBeCloseTo(80 * (3 * 0.75 * 0.0625 + 0.015625), 9);
  });

  it('stand a little before the middle, and beside a label that is there', () => {
    const curve = straight(0, 100, 50);
    const [only] = placeLabels([{ curve, text: '1' }], []);
    expect([only?.x, only?.y].map((at) => Math.round(at ?? NaN))).toEqual([42, 50]);
    // each is 8 px wide, and the next places are 8 px on and 8 px back
    const three = placeLabels(
      [1, 2, 3].map((n) => ({ curve, text: String(n) })),
      [],
    );
    expect(three.map((at) => Math.round(at?.x ?? NaN))).toEqual([42, 50, 34]);
  });

  it('are not under a box, and left out where there is no place', () => {
    const curve = straight(0, 100, 50);
    const label = { curve, text: '12' };
    const box = { x: 30, y: 40, width: 30, height: 20 };
    expect(placeLabels([label], [box]).map((at) => Math.round(at?.x ?? NaN))).toEqual([20]);
    expect(placeLabels([label], [{ ...box, x: 0, width: 100 }])).toEqual([undefined]);
  });
});
