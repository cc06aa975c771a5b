import type { CommonOptions, RecordParser, Source } from '../../source';
import { CefParser } from './cef-parser';
import { ColumnResolver } from './columns';
import { trackingLikeness } from './likeness';
import { trackingOptions, type TrackingOptions } from './options';
import { surveyShape } from './shape-survey';
import { PRODUCT, TrackingEvents } from './tracking-events';

/**
 * Mail tracking of Trend Micro HES, Email Security (TMES) and Cloud Email Gateway Protection: console export as CSV or XML, pages of the
 * REST log API as JSON, and CEF syslog lines (formats.md §1).
 */
export const trendEmailSecurity: Source<TrackingOptions> = {
  name: 'trend-email-security',
  title: 'Trend Micro Hosted Email Security / Email Security mail tracking',
  product: PRODUCT,
  framings: ['csv', 'xml', 'json', 'lines'],
  options: trackingOptions,
  looksLike: trackingLikeness,
  survey: surveyShape,
  parser: trackingParser,
};

function trackingParser(options: CommonOptions & TrackingOptions): RecordParser {
  const events = new TrackingEvents(options);
  const resolver = new ColumnResolver(options.mapping);
  const cef = new CefParser(events);
  return {
    parse(record, sink) {
      const { fields } = record;
      return fields ? events.emit(resolver.resolve(fields.names), fields, sink) : cef.parse(record, sink);
    },
  };
}
