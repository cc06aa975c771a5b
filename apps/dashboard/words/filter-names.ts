import { FILTER_CHOICES, type FilterName } from '../../../libs/delay/journey-filter';
import { verdictText } from '../../../libs/delay/verdict';

/** What a filter is called in controls. */
export const FILTER_TITLES: Readonly<Record<FilterName, string>> = {
  recipient_domain: 'recipient domain',
  sender_domain: 'sender domain',
  mta: 'MTA',
  direction: 'direction',
  state: 'state',
  verdict: 'verdict',
  via_hes: 'passed HES',
};

/** The values that a filter can have, with their words; undefined where it is free text. */
export function choicesOf(name: FilterName): readonly (readonly [value: string, text: string])[] | undefined {
  if (name === 'verdict') {
    const values = ['none', 'hes_processing', 'hes_waiting_on_downstream', 'downstream', 'upstream', 'not_via_hes'];
    return [...values, 'unknown'].map((value) => [value, filterValueText(name, value)]);
  }
  return FILTER_CHOICES[name]?.map((value) => [value, filterValueText(name, value)]);
}

/** A value of a filter in words. */
export function filterValueText(name: FilterName, value: string): string {
  if (name !== 'verdict') return value.replaceAll('_', ' ');
  if (value === 'downstream') return 'slow after HES';
  return value === 'unknown' ? 'not decided' : verdictText(value);
}
