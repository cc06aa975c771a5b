import { countText, durationText, shareText } from '../duration-text';
import { textTable } from '../text-table';
import type { LeftOut, SlaResult } from './sla';

const REASONS: Readonly<Record<LeftOut, string>> = {
  not_via_hes: 'did not pass HES',
  origin_unknown: 'origin unknown',
  other_direction: 'other direction',
  domain: 'excluded domain',
  maintenance: 'maintenance',
  size: 'too large',
  not_delivered: 'not delivered',
  in_flight: 'in flight',
  not_matched: 'end not known',
};

/** A value of a clause as people say it; `no bound` for a bound that cannot be said. */
export function slaValueText({ measure }: Pick<SlaResult, 'measure'>, value: number | null): string {
  if (value === null) return 'no bound';
  return measure === 'share_under' ? shareText(value) : durationText(value);
}

/** What is measured: `mean of the fastest 95 % of HES-held time`. */
export function slaMeasureText({ measure, level, under_ms, fastest, segment }: SlaResult): string {
  const what =
    measure === 'mean'
      ? 'mean'
      : measure === 'percentile'
        ? `${shareText(level)} percentile`
        : `share under ${durationText(under_ms)}`;
  const of = fastest === 1 ? '' : ` of the fastest ${shareText(fastest)}`;
  return `${what}${of}, ${SEGMENTS[segment] ?? segment}`;
}

const SEGMENTS: Readonly<Record<string, string>> = {
  hes: 'held by HES',
  hes_processing: 'HES at work',
  downstream: 'after HES',
  total: 'total',
};

/** `met`, `not met`, what is due, or why nothing can be said. */
export function slaOutcomeText({ met, tier }: SlaResult): string {
  if (met === null) return 'nothing measured';
  if (met) return 'met';
  return tier?.credit === null || tier === null ? 'not met' : `not met: ${shareText(tier.credit)} credit`;
}

/** `12 in flight, 3 too large`; `none`. */
export function leftOutText(left_out: SlaResult['left_out']): string {
  const counts = Object.entries(left_out) as [LeftOut, number][];
  return counts.map(([reason, count]) => `${countText(count)} ${REASONS[reason]}`).join(', ') || 'none';
}

/** The clauses with their values and what was left out, for a terminal; nothing where there are none. */
export function slaText(results: readonly SlaResult[]): string {
  if (results.length === 0) return '';
  const rows = results.map((result) => [
    result.clause,
    `${result.period}${result.whole_period ? '' : ' (part)'}`,
    slaMeasureText(result),
    result.value === null ? '–' : slaValueText(result, result.value),
    result.counted === 0 ? '–' : `${slaValueText(result, result.best)} to ${slaValueText(result, result.worst)}`,
    slaOutcomeText(result),
    `${countText(result.measured)} of ${countText(result.counted)}`,
    leftOutText(result.left_out),
  ]);
  const table = textTable(
    [
      { title: 'clause' },
      { title: 'period' },
      { title: 'measure' },
      { title: 'value', align: 'right' },
      { title: 'bounds' },
      { title: 'outcome' },
      { title: 'mail measured', align: 'right' },
      { title: 'left out' },
    ],
    rows,
  );
  return `${table}Bounds: if mail in flight and mail whose end is not known had taken no time, or had been the slowest.\n`;
}
