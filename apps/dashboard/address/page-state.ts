import { FILTER_NAMES, type FilterName } from '../../../libs/delay/journey-filter';

/** The views of the dashboard, in the order of the navigation. The first is the start page. */
export const VIEWS = [
  'overview',
  'distribution',
  'hops',
  'journey',
  'clocks',
  'reports',
  'inspect',
  'doctor',
  'input',
] as const;
export type View = (typeof VIEWS)[number];

/** Ranges with a name. `all` is everything in the store; the others end now. */
export const NAMED_RANGES = ['all', '24h', '7d', '30d', '90d'] as const;
export type NamedRange = (typeof NAMED_RANGES)[number];

/** Which mail: a range with a name, or two bounds (half-open, ISO 8601 UTC with milliseconds). */
export type Range = { readonly named: NamedRange } | { readonly from: string; readonly to: string };

/** What only one view asks: selections that belong into a link too. */
export const DETAIL_NAMES = [
  'segment',
  'patch',
  'message',
  'domain',
  'recipient',
  'search',
  'interval',
  'sort',
  'figure',
  'baseline',
] as const;
export type DetailName = (typeof DETAIL_NAMES)[number];

export type Filters = { readonly [N in FilterName]?: readonly string[] };

/** Everything that decides what a page shows. It is the page's address and nothing else, so that a link shows the same. */
export interface PageState {
  readonly view: View;
  readonly range: Range;
  /** IANA zone of the borders of days and of all times shown */
  readonly tz: string;
  /** times as the logs say them, or corrected for the offsets between clocks */
  readonly clock: 'raw' | 'corrected';
  readonly filters: Filters;
  readonly details: { readonly [N in DetailName]?: string };
}

const DAY = 86_400_000;
const SPANS: Readonly<Record<Exclude<NamedRange, 'all'>, number>> = {
  '24h': DAY,
  '7d': 7 * DAY,
  '30d': 30 * DAY,
  '90d': 90 * DAY,
};

/** An address → state. What it does not say or says wrongly has its default: a mistyped link still opens. */
export function readPageState(pathname: string, search: string): PageState {
  const last = pathname.split('/').pop() ?? '';
  const query = new URLSearchParams(search);
  const filters = FILTER_NAMES.flatMap((name) => {
    const values = [...new Set(query.getAll(name).filter((value) => value !== ''))];
    return values.length > 0 ? [[name, values] as const] : [];
  });
  const details = DETAIL_NAMES.flatMap((name) => {
    const value = query.get(name);
    return value ? [[name, value] as const] : [];
  });
  return {
    view: VIEWS.find((view) => view === last) ?? 'overview',
    range: readRange(query),
    tz: zoneOr(query.get('tz'), 'UTC'),
    clock: query.get('clock') === 'corrected' ? 'corrected' : 'raw',
    filters: Object.fromEntries(filters),
    details: Object.fromEntries(details),
  };
}

/** State → the last part of the path with the query; defaults are left out, so that one state has one address. */
export function addressOf({ view, range, tz, clock, filters, details }: PageState): string {
  const query = new URLSearchParams();
  if ('from' in range) {
    query.set('from', range.from);
    query.set('to', range.to);
  } else if (range.named !== 'all') query.set('range', range.named);
  if (tz !== 'UTC') query.set('tz', tz);
  if (clock !== 'raw') query.set('clock', clock);
  for (const name of FILTER_NAMES) for (const value of filters[name] ?? []) query.append(name, value);
  for (const name of DETAIL_NAMES) if (details[name]) query.set(name, details[name]);
  const text = query.toString().replaceAll('%3A', ':');
  return `./${view === 'overview' ? '' : view}${text ? `?${text}` : ''}`;
}

/**
 * The half-open range that is asked for, ISO 8601 UTC. `extent` is the first moment and the first moment after the last of what the
 * store holds, null while it is empty; a range with a name ends at `now`, in epoch milliseconds.
 */
export function boundsOf(
  range: Range,
  now: number,
  extent: { from: string; to: string } | null,
): { from: string; to: string } | null {
  if ('from' in range) return range;
  if (range.named === 'all') return extent;
  return { from: new Date(now - SPANS[range.named]).toISOString(), to: new Date(now).toISOString() };
}

function readRange(query: URLSearchParams): Range {
  const [from, to] = [isoTime(query.get('from')), isoTime(query.get('to'))];
  if (from !== null && to !== null && from < to) return { from, to };
  return { named: NAMED_RANGES.find((name) => name === query.get('range')) ?? 'all' };
}

function isoTime(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** `name` where the platform knows it as an IANA zone, else `otherwise`. */
export function zoneOr(name: string | null, otherwise: string): string {
  if (name === null || !/^[A-Za-z]/.test(name)) return otherwise;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone ? name : otherwise;
  } catch {
    return otherwise;
  }
}
