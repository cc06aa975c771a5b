import { Random } from '../../simulate/random';
import { KaplanMeier, type DurationCount } from './kaplan-meier';

const ended = (...all: number[]): DurationCount[] => all.map((ms) => ({ ms, ended: 1, in_flight: 0 }));
const inFlight = (...all: number[]): DurationCount[] => all.map((ms) => ({ ms, ended: 0, in_flight: 1 }));

describe('Kaplan–Meier', () => {
  it('is the nearest rank and the plain share where nothing is in flight', () => {
    const curve = new KaplanMeier(ended(...Array.from({ length: 20 }, (_, i) => (i + 1) * 1000)));
    expect([0.5, 0.75, 0.9, 0.95, 0.99].map((share) => curve.quantile(share).value)).toEqual([
      10_000, 15_000, 18_000, 19_000, 20_000,
    ]);
    expect(curve.shareUnder(10_000).value).toBeCloseTo(9 / 20, 12);
    expect(curve.shareUnder(1000)).toEqual({ value: 0, lower: 0, upper: 0 });
  });

  it('is the textbook example of Kaplan and Meier 1958: 0.8, 1.0+, 2.7+, 3.1, 5.4, 7.0+, 9.2, 12.1+', () => {
    const curve = new KaplanMeier([...ended(800, 3100, 5400, 9200), ...inFlight(1000, 2700, 7000, 12_100)]);
    // 7/8, 7/10, 21/40, 21/80
    expect([801, 3101, 5401, 9201].map((ms) => 1 - (curve.shareUnder(ms).value ?? NaN))).toEqual(
      [7 / 8, 7 / 10, 21 / 40, 21 / 80].map((share) => expect.closeTo(share, 12) as number),
    );
    expect(curve.quantile(0.5).value).toBe(9200);
    // the largest is in flight: nobody knows when 95 % end
    expect(curve.quantile(0.95)).toEqual({ value: null, lower: expect.any(Number) as number, upper: null });
    expect([curve.ended, curve.inFlight]).toEqual([4, 4]);
  });

  it('has the band of Greenwood on the log-log scale', () => {
    const curve = new KaplanMeier([...ended(800, 3100, 5400, 9200), ...inFlight(1000, 2700, 7000, 12_100)]);
    // at 5400 S = 0.525; Σ d/(n(n-d)) = 1/(8·7) + 1/(5·4) + 1/(4·3); exp(± 2.5758 √ / ln S)
    const greenwood = 1 / 56 + 1 / 20 + 1 / 12;
    const spread = (2.5758293 * Math.sqrt(greenwood)) / -Math.log(0.525);
    const { lower, upper } = curve.shareUnder(5401);
    expect(lower).toBeCloseTo(1 - 0.525 ** Math.exp(-spread), 7);
    expect(upper).toBeCloseTo(1 - 0.525 ** Math.exp(spread), 7);
  });

  it('of nothing, or of mail in flight alone, says nothing', () => {
    const nothing = { value: null, lower: null, upper: null };
    expect(new KaplanMeier([]).quantile(0.5)).toEqual(nothing);
    expect(new KaplanMeier([]).shareUnder(1000)).toEqual(nothing);
    expect(new KaplanMeier(inFlight(5, 6)).quantile(0.5)).toEqual(nothing);
  });
});

/** Mail that came during two hours, each taking a log-normal time (median 20 min), seen at the end of these hours: much of it is in flight. */
function fleet(random: Random): { plain: number[]; counts: DurationCount[] } {
  const counts: DurationCount[] = [];
  const plain: number[] = [];
  for (let i = 0; i < 400; i++) {
    const watched = Math.floor(random.float() * 7_200_000);
    const takes = Math.floor(random.logNormal(1_200_000, 1));
    if (takes <= watched) plain.push(takes);
    counts.push(takes <= watched ? { ms: takes, ended: 1, in_flight: 0 } : { ms: watched, ended: 0, in_flight: 1 });
  }
  return { plain: plain.sort((a, b) => a - b), counts };
}

it('in at least 95 of 100 fleets the band holds the truth, where the plain figure is biased', () => {
  const random = new Random(11);
  // the standard normal's 50 % and 75 % quantile, and its share under ln(1/2)
  const truth = { p50: 1_200_000, p75: 1_200_000 * Math.exp(0.6744898), under: 0.2441086 };
  const inside = { p50: 0, p75: 0, under: 0 };
  const below = { p50: 0, p75: 0, under: 0 };
  for (let i = 0; i < 100; i++) {
    const { plain, counts } = fleet(random);
    const curve = new KaplanMeier(counts);
    const [p50, p75, under] = [curve.quantile(0.5), curve.quantile(0.75), curve.shareUnder(600_000)];
    const holds = ({ lower, upper }: typeof p50, value: number): number =>
      lower !== null && lower <= value && (upper === null || upper >= value) ? 1 : 0;
    inside.p50 += holds(p50, truth.p50);
    inside.p75 += holds(p75, truth.p75);
    inside.under += holds(under, truth.under);
    const rank = (share: number): number => plain[Math.ceil(plain.length * share) - 1];
    below.p50 += rank(0.5) < truth.p50 ? 1 : 0;
    below.p75 += rank(0.75) < truth.p75 ? 1 : 0;
    below.under += plain.filter((ms) => ms < 600_000).length / plain.length > truth.under ? 1 : 0;
  }
  for (const count of Object.values(inside)) expect(count).toBeGreaterThanOrEqual(95);
  for (const count of Object.values(below)) expect(count).toBeGreaterThanOrEqual(95);
});
