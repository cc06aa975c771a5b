import { drawnRange } from './drawn-range';

const hour = (transfers: number, estimate_ms: number, width = 100) => ({
  transfers,
  estimate_ms,
  lower_ms: estimate_ms - width,
  upper_ms: estimate_ms + width,
});

describe('the range in which offsets are drawn', () => {
  it('is that of the bounds of hours with 16 transfers, with a tenth of room; a late transfer in an hour of its own lies beyond', () => {
    const late = hour(1, 600_000);
    const hours = [hour(40, 1000), hour(16, 3800), late, hour(15, 1500)];
    // from 900 to 3900: 3000, a tenth of which is 300
    expect(drawnRange(hours)).toEqual({ from_ms: 600, to_ms: 4200, beyond: [late] });
  });

  it('holds a jump of the clock, which hours with enough transfers tell', () => {
    const hours = [hour(20, 0), hour(20, 60_000)];
    expect(drawnRange(hours)).toEqual({ from_ms: -6120, to_ms: 66_120, beyond: [] });
  });

  it('is the middle nine tenths of the estimates where no hour has so many transfers', () => {
    const hours = [...Array.from({ length: 19 }, (_, i) => hour(3, i * 100)), hour(1, 90_000)];
    // 20 hours: one at each end is left out; 100 to 1800, and 170 of room
    expect(drawnRange(hours)).toEqual({ from_ms: -70, to_ms: 1970, beyond: [hours[19]] });
  });

  it('is around 0 where there is no hour', () => {
    expect(drawnRange([])).toEqual({ from_ms: -100, to_ms: 100, beyond: [] });
  });
});
