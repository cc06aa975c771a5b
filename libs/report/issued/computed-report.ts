import { ClockService, type Clock } from '../../delay/clocks/clock.service';
import type { JourneyFilter } from '../../delay/journey-filter';
import type { Clause } from '../../delay/sla/clause';
import { storeTime } from '../../delay/store-time';
import type { Store } from '../../store/store';
import { ReportDocumentService, type ReportDocument } from '../report-document';
import type { ManifestInput } from './manifest';

/** What a report is about: all that decides its figures besides the data. */
export interface ReportQuestion {
  readonly filter: JourneyFilter & { readonly from: number; readonly to: number };
  readonly timeZone: string;
  readonly clauses: readonly Clause[];
  /** raw when left out */
  readonly clock?: Clock;
}

/** A report and the inputs that fed it. */
export interface ComputedReport {
  readonly document: ReportDocument;
  readonly inputs: ManifestInput[];
}

/**
 * An event this far from those of a journey can still decide how it is linked: the two ends of a link are at most 26 hours apart, and two legs
 * may want the same one.
 */
const MARGIN_MS = 2 * 26 * 3_600_000;

interface InputRow extends Omit<ManifestInput, 'sha256' | 'size_bytes' | 'lines' | 'modified_at'> {
  sha256: string;
  size_bytes: number;
  lines: number;
  modified_ms: number;
}

/** Computes a report and finds its inputs. The records that were not understood are those of these inputs, so that later ones change nothing, and the clocks are measured by the mail of the period alone. */
export async function computeReport(
  reader: Pick<Store, 'rows'>,
  { filter, timeZone, clauses, clock = 'raw' }: ReportQuestion,
  { version, now, verdictThresholdMs }: { version: string; now: number; verdictThresholdMs: number },
): Promise<ComputedReport> {
  const options = { filter, timeZone, version, now, clauses, clock };
  const clocks = new ClockService(reader, 'of the range');
  const computed = await new ReportDocumentService(reader, clocks).document(options, verdictThresholdMs);
  const inputs = await inputsOf(reader, filter);
  const ids = inputs.map(({ input_id }) => input_id);
  const [{ records }] = await reader.rows<{ records: number }>('queries/rejected_of_inputs', { inputs: ids });
  const { report } = computed;
  const coverage = { ...report.coverage, rejected_records: records };
  return { document: { ...computed, report: { ...report, coverage } }, inputs };
}

async function inputsOf(reader: Pick<Store, 'rows'>, { from, to }: ReportQuestion['filter']): Promise<ManifestInput[]> {
  const period = { from: storeTime(from), to: storeTime(to) };
  const [window] = await reader.rows<{ since_ms: number; until_ms: number; journeys: number }>(
    'queries/report_window',
    period,
  );
  const { since_ms, until_ms } = window.journeys === 0 ? { since_ms: from, until_ms: to } : window;
  const rows = await reader.rows<InputRow>('queries/report_inputs', {
    since: storeTime(Math.min(from, since_ms) - MARGIN_MS),
    until: storeTime(Math.max(to, until_ms) + MARGIN_MS),
  });
  return rows.map(({ sha256, size_bytes, lines, modified_ms, input_id, path, format, options, state, ...books }) => {
    const known = sha256 !== '';
    const content = {
      sha256: known ? sha256 : null,
      size_bytes: known ? size_bytes : null,
      lines: known ? lines : null,
      modified_at: modified_ms >= 0 ? new Date(modified_ms).toISOString() : null,
    };
    return { input_id, path, format, options, state, ...content, ...books };
  });
}
