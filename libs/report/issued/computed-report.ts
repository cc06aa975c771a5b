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

type Content = 'sha256' | 'size_bytes' | 'lines' | 'modified_at' | 'followed' | 'unknown';
interface InputRow extends Omit<ManifestInput, Content> {
  sha256: string;
  size_bytes: number;
  lines: number;
  modified_ms: number;
  followed: number;
  problem: string;
}

/** No line of a file comes later. */
const LAST_LINE = 2 ** 32 - 1;

/**
 * Computes a report and finds its inputs. The records that were not understood are those of these inputs, so that later ones change nothing, and the clocks are measured by the mail of the period alone.
 * @param linesOf of inputs that have grown since the report was issued, by id: records of later lines that were not understood do not count
 */
export async function computeReport(
  reader: Pick<Store, 'rows'>,
  { filter, timeZone, clauses, clock = 'raw' }: ReportQuestion,
  { version, now, verdictThresholdMs }: { version: string; now: number; verdictThresholdMs: number },
  linesOf: ReadonlyMap<string, number> = new Map(),
): Promise<ComputedReport> {
  const options = { filter, timeZone, version, now, clauses, clock };
  const clocks = new ClockService(reader, 'of the range');
  const computed = await new ReportDocumentService(reader, clocks).document(options, verdictThresholdMs);
  const inputs = await inputsOf(reader, filter);
  const ids = inputs.map(({ input_id }) => input_id);
  const lines = ids.map((id) => linesOf.get(id) ?? LAST_LINE);
  const [{ records }] = await reader.rows<{ records: number }>('queries/rejected_of_inputs', { inputs: ids, lines });
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
  return rows.map((row) => {
    const {
      sha256,
      size_bytes,
      lines,
      modified_ms,
      followed,
      problem,
      input_id,
      path,
      format,
      options,
      state,
      ...books
    } = row;
    const content = {
      sha256: sha256 === '' ? null : sha256,
      size_bytes: size_bytes < 0 ? null : size_bytes,
      lines: lines < 0 ? null : lines,
      ...(followed ? { followed: true as const } : {}),
      ...(sha256 === '' ? { unknown: whyUnknown(state, problem) } : {}),
      modified_at: modified_ms >= 0 ? new Date(modified_ms).toISOString() : null,
    };
    return { input_id, path, format, options, state, ...content, ...books };
  });
}

function whyUnknown(state: ManifestInput['state'], problem: string): string {
  if (state === 'reading') return 'was not read to its end';
  return problem === '' ? 'was read by a version that kept no hash of it' : `could not be read to its end: ${problem}`;
}
