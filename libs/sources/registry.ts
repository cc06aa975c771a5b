import { exchangeTracking } from './formats/exchange-tracking';
import { exim } from './formats/exim';
import { m365Trace } from './formats/m365-trace';
import { postfix } from './formats/postfix';
import { sendmail } from './formats/sendmail';
import { traceHeaders } from './formats/trace-headers';
import { trendEmailSecurity } from './formats/trend-email-security';
import type { Source } from './source';

/** Every kind of input there is, in the order in which `hoptime formats` lists them. A new one is a folder under formats/ and a line here. */
export const SOURCES: readonly Source[] = [
  trendEmailSecurity,
  postfix,
  sendmail,
  exim,
  exchangeTracking,
  m365Trace,
  traceHeaders,
];

/** The source with this name, as `--format NAME` and reports give it. */
export function sourceNamed(name: string): Source | undefined {
  return SOURCES.find((source) => source.name === name);
}
