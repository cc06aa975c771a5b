import type { Segment } from '../../../libs/delay/report';

/** What a segment is called on the page, as in the report of the command line. */
export const SEGMENT_TITLES: Readonly<Record<Segment, string>> = {
  hes: 'Held by HES',
  hes_processing: 'HES at work',
  hes_waiting: 'HES waiting for the next MTA',
  downstream: 'After HES',
  total: 'Total',
};
