/** A part of the heat map: journeys of these times [from, to) whose segment took [min_ms, max_ms); null = no border. */
export interface Patch {
  readonly from: string;
  readonly to: string;
  readonly min_ms: number | null;
  readonly max_ms: number | null;
}

const bound = (text: string): number | null | undefined => {
  if (text === '') return null;
  return /^-?\d{1,10}$/.test(text) ? Number(text) : undefined;
};

/** The patch in a page's address, `from~to~min~max`; null where there is none or it makes no sense. */
export function readPatch(text: string | undefined): Patch | null {
  const [from, to, min, max, ...more] = (text ?? '').split('~');
  if (max === undefined || more.length > 0) return null;
  const [min_ms, max_ms] = [bound(min), bound(max)];
  const times = [from, to].map((time) => (/^\d{4}-.*Z$/.test(time) ? Date.parse(time) : NaN));
  if (min_ms === undefined || max_ms === undefined || !(times[0] < times[1])) return null;
  if (min_ms !== null && max_ms !== null && min_ms >= max_ms) return null;
  return { from: new Date(times[0]).toISOString(), to: new Date(times[1]).toISOString(), min_ms, max_ms };
}

/** The opposite of {@link readPatch}. */
export function patchText({ from, to, min_ms, max_ms }: Patch): string {
  return [from, to, min_ms ?? '', max_ms ?? ''].join('~');
}
