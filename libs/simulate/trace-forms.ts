import { DAY, type Micros } from './clock';

/** A form in which message traces of Microsoft 365 reach the user (formats.md §5). */
export interface TraceForm {
  readonly name: 'reporting' | 'shell' | 'enhanced' | 'extended';
  readonly extension: 'json' | 'csv';
  readonly encoding: 'utf8' | 'utf16le';
  /** resolution of the time of reception, ms */
  readonly resolutionMs: 1 | 1000;
  /** whether rows are events with times of their own; all others tell the reception and the outcome */
  readonly hasEvents: boolean;
}

/** The reporting web service; Get-MessageTraceV2 by Export-Csv; the two reports of the admin center. */
const FORMS: readonly TraceForm[] = [
  { name: 'reporting', extension: 'json', encoding: 'utf8', resolutionMs: 1, hasEvents: false },
  { name: 'shell', extension: 'csv', encoding: 'utf8', resolutionMs: 1000, hasEvents: false },
  { name: 'enhanced', extension: 'csv', encoding: 'utf8', resolutionMs: 1, hasEvents: false },
  { name: 'extended', extension: 'csv', encoding: 'utf16le', resolutionMs: 1, hasEvents: true },
];

/** The form of the trace that has mail received at this time: each day has another. */
export const traceForm = (received: Micros): TraceForm => FORMS[Math.floor(received / DAY) % FORMS.length];
