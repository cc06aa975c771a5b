import { csvLine } from './csv';
import type { Band } from './in-flight/kaplan-meier';
import type { ParetoCause } from './pareto';
import { SEGMENTS, type Report } from './report';

/**
 * The report as tidy CSV: one figure per line, columns `section,key,at,metric,value`.
 * `section`: report, clock_correction and raw_segments (with corrected clocks), coverage, segments, estimates, hops, verdicts, pareto, pareto_months, pareto_domains, slowest, timeline. `key`: the segment, MTA,
 * verdict (after the domain and a blank in pareto_domains) or rank. `at`: for the timeline and months.
 * Names and units of metrics are those of the JSON; the unknown is empty.
 */
export function reportCsv(report: Report): string {
  const lines = [csvLine(['section', 'key', 'at', 'metric', 'value'])];
  const add = (section: string, key: string, at: string, figures: object): void => {
    for (const [metric, value] of Object.entries(figures))
      lines.push(csvLine([section, key, at, metric, value as string | number | null]));
  };
  const { from, to, tz, clock, generated_at, version, quantiles } = report;
  add('report', '', '', { from, to, tz, clock, generated_at, version, quantiles });
  for (const [name, values] of Object.entries(report.filters)) add('report', '', '', { [name]: values.join(' ') });
  add('coverage', '', '', report.coverage);
  if (report.clock_correction) add('clock_correction', '', '', report.clock_correction);
  const addSegments = (section: string, all: Report['segments']): void => {
    for (const segment of SEGMENTS) {
      const { share_under, ...figures } = all[segment];
      add(section, segment, '', figures);
      add(
        section,
        segment,
        '',
        Object.fromEntries(Object.entries(share_under).map(([limit, share]) => [`share_under_${limit}_ms`, share])),
      );
    }
  };
  addSegments('segments', report.segments);
  if (report.raw_segments) addSegments('raw_segments', report.raw_segments);
  for (const [segment, estimate] of Object.entries(report.estimates)) {
    add('estimates', segment, '', { unknown: estimate.unknown });
    for (const [limit, { worst, best }] of Object.entries(estimate.share_bounds))
      add('estimates', segment, '', {
        [`share_under_${limit}_ms_worst`]: worst,
        [`share_under_${limit}_ms_best`]: best,
      });
    const curve = estimate.kaplan_meier;
    if (!curve) continue;
    add('estimates', segment, '', { ended: curve.ended, in_flight: curve.in_flight, confidence: curve.confidence });
    const addBand = (name: string, { value, lower, upper }: Band): void =>
      add('estimates', segment, '', { [name]: value, [`${name}_lower`]: lower, [`${name}_upper`]: upper });
    for (const [name, band] of Object.entries(curve.quantiles)) addBand(name, band);
    for (const [limit, band] of Object.entries(curve.share_under)) addBand(`share_under_${limit}_ms`, band);
  }
  for (const { mta, ...figures } of report.hops) add('hops', mta, '', figures);
  for (const [verdict, count] of Object.entries(report.verdicts)) add('verdicts', verdict, '', { count });
  const { journeys, delay_ms, causes, months, domains } = report.pareto;
  const addCauses = (section: string, name: string, at: string, all: readonly ParetoCause[]): void => {
    for (const { verdict, ...figures } of all) add(section, `${name}${verdict}`, at, figures);
  };
  add('pareto', '', '', { journeys, delay_ms });
  addCauses('pareto', '', '', causes);
  for (const month of months) addCauses('pareto_months', '', month.at, month.causes);
  for (const domain of domains) addCauses('pareto_domains', `${domain.recipient_domain} `, '', domain.causes);
  report.slowest.forEach((journey, index) => add('slowest', String(index + 1), '', journey));
  for (const { at, segment, ...figures } of report.timeline) add('timeline', segment, at, figures);
  for (const { clause, period, tier, left_out, ...figures } of report.sla) {
    add('sla', clause, period, figures);
    if (tier)
      add('sla', clause, period, {
        tier_over_ms: tier.over_ms,
        tier_below_share: tier.below_share,
        credit: tier.credit,
      });
    for (const [reason, count] of Object.entries(left_out))
      add('sla', clause, period, { [`left_out_${reason}`]: count });
  }
  return lines.join('');
}
