import { countText, durationText, shareText } from './duration-text';
import { localTime } from './local-time';
import type { ParetoFigures } from './pareto';
import type { Report } from './report';
import { textTable, type TextColumn } from './text-table';
import { verdictText } from './verdict';

const MOST_NAMED = 3;
const numbers = (...titles: string[]): TextColumn[] => titles.map((title) => ({ title, align: 'right' }));

/** Causes by their part of all delay, then month by month and domain by domain where there are several. '' where no mail was late. */
export function paretoText({ pareto, tz }: Pick<Report, 'pareto' | 'tz'>): string {
  const { causes, months, domains } = pareto;
  if (causes.length === 0) return '';
  const rows = causes.map(({ verdict, journeys, delay_ms, share_of_delay, cumulated_share }) => [
    verdictText(verdict),
    countText(journeys),
    durationText(delay_ms),
    shareText(share_of_delay),
    shareText(cumulated_share),
  ]);
  const table = textTable([{ title: 'late mail' }, ...numbers('journeys', 'delay', 'of all delay', 'together')], rows);
  const parts = [
    table,
    months.length > 1 ? split('month', months, ({ at }) => localTime(at, tz).day.slice(0, 7)) : '',
    domains.length > 1 ? split('to', domains, ({ recipient_domain }) => recipient_domain) : '',
  ];
  return parts.filter(Boolean).join('\n');
}

function split<T extends ParetoFigures>(title: string, groups: readonly T[], nameOf: (group: T) => string): string {
  const rows = groups.map((group) => {
    const named = group.causes
      .slice(0, MOST_NAMED)
      .map(({ verdict, share_of_delay }) => `${verdictText(verdict)} ${shareText(share_of_delay)}`);
    const more = group.causes.length - named.length;
    const text = [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ') || 'none late';
    return [nameOf(group), countText(group.journeys), durationText(group.delay_ms), text];
  });
  return textTable([{ title }, ...numbers('journeys', 'delay'), { title: 'of it in late mail' }], rows);
}
