import { BEGINNING, END } from './time-range';
import { storeTime } from './store-time';

/** Filters that may be given several times; one of the values must match, and every filter must. */
export const FILTER_NAMES = [
  'recipient_domain',
  'sender_domain',
  'mta',
  'direction',
  'state',
  'verdict',
  'via_hes',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** What a filter may say, where it is not free text. `unknown` finds what the answer shows as null. */
export const FILTER_CHOICES: Readonly<Partial<Record<FilterName, readonly string[]>>> = {
  direction: ['in', 'out', 'internal', 'unknown'],
  state: ['complete', 'relayed', 'in_flight', 'bounced', 'rejected', 'expired', 'quarantined', 'deleted'],
  via_hes: ['yes', 'no', 'unknown'],
};

/** Verdicts of delay model §3. `downstream` alone means any MTA, `unknown` a journey that is not decided. */
export const VERDICT_FORM =
  /^(none|hes_processing|hes_waiting_on_downstream|upstream|not_via_hes|unknown|downstream(:.+)?)$/;

/** Which journeys. A journey lies in the half-open range [from, to) that contains its first event (delay model §6); epoch milliseconds. */
export type JourneyFilter = { readonly from?: number; readonly to?: number } & {
  readonly [N in FilterName]?: readonly string[];
};

/** The filter as typed parameters of the statements under libs/store/sql/queries. */
export function filterParameters(filter: JourneyFilter): Record<string, unknown> {
  const lists = FILTER_NAMES.map((name) => [name, (filter[name] ?? []).map((text) => text.toLowerCase())]);
  return { from: storeTime(filter.from ?? BEGINNING), to: storeTime(filter.to ?? END), ...Object.fromEntries(lists) };
}

/** True when the filter says more than a time range. */
export function isFiltered(filter: JourneyFilter): boolean {
  return FILTER_NAMES.some((name) => (filter[name] ?? []).length > 0);
}
