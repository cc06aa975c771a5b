import type { ChainHop, TraceChain } from '../sources/formats/trace-headers/trace-chain';
import type { TrendPass } from '../sources/formats/trace-headers/trend-hops';
import type { SkewFinding } from './clock-skew';
import type { InspectedHop } from './inspection';

/** A stay at one MTA: neighbouring stamps of one host, or all of HES's. */
export interface Stay {
  readonly mta: string;
  readonly segment: InspectedHop['segment'];
  readonly ms: number;
}

/** ISO time of an epoch ms; null for unknown. */
export function iso(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

/** The rows of the chain, oldest first. A delay belongs to the host that kept the mail, not to the one that got it (formats §10). */
export function hopTable(
  chain: TraceChain,
  pass: TrendPass | undefined,
  findings: readonly SkewFinding[],
): InspectedHop[] {
  const dated = chain.hops.filter((hop) => hop.stamp);
  const steps = dated.slice(1).map((hop, at) => (hop.stamp?.time ?? 0) - (dated[at].stamp?.time ?? 0));
  const corrected = new Map<number, number>();
  for (const { skew, back, forth } of findings) {
    if (skew.offset_ms === null) continue;
    corrected.set(back, (corrected.get(back) ?? steps[back]) + skew.offset_ms);
    corrected.set(forth, (corrected.get(forth) ?? steps[forth]) - skew.offset_ms);
  }
  const whole = steps.reduce((sum, step) => sum + Math.max(step, 0), 0);
  return chain.hops.map((hop) => {
    const at = dated.indexOf(hop);
    const delay = at < 0 ? null : (steps[at] ?? null);
    return {
      host: hop.host || null,
      software: hop.received.software || null,
      at: iso(hop.stamp?.time),
      segment: segmentOf(hop, pass),
      delay_ms: delay,
      negative: delay !== null && delay < 0,
      corrected_delay_ms: corrected.get(at) ?? null,
      share: delay === null ? null : whole > 0 ? Math.round((Math.max(delay, 0) / whole) * 10000) / 10000 : 0,
    };
  });
}

/** Stays in order, with corrected delays where a clock error shows. */
export function staysOf(rows: readonly InspectedHop[]): Stay[] {
  const stays: { mta: string; segment: InspectedHop['segment']; ms: number }[] = [];
  for (const row of rows) {
    if (row.delay_ms === null) continue;
    const ms = row.corrected_delay_ms ?? row.delay_ms;
    const mta = row.segment === 'hes' ? 'hes' : (row.host ?? 'unknown').toLowerCase();
    const last = stays.at(-1);
    if (last?.mta === mta) last.ms += ms;
    else stays.push({ mta, segment: row.segment, ms });
  }
  return stays;
}

/** The longest stay, ties to the earlier. */
export function longest(stays: readonly Stay[]): Stay | undefined {
  return stays.reduce<Stay | undefined>((best, stay) => (best && best.ms >= stay.ms ? best : stay), undefined);
}

function segmentOf(hop: ChainHop, pass: TrendPass | undefined): InspectedHop['segment'] {
  if (!pass) return null;
  if (pass.stamps.includes(hop)) return 'hes';
  return hop.place > pass.place ? 'upstream' : 'downstream';
}
