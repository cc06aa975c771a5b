import type { Bus } from '../bus/bus';
import { detect } from '../sources/detect';
import type { InputFile } from '../sources/readers/input-file';
import type { InputRow } from '../store/input.repository';
import type { Pseudonyms } from '../trace/pseudonyms';
import { inputRecord } from './bus-message';
import { ingestFile } from './file-ingest';
import type { FileReport, IngestOptions } from './ingest-report';
import { inputIdOf } from './input-id';

/** What became of a file, and its row in `inputs` where a format fits. */
export interface Collected {
  readonly report: FileReport;
  readonly row?: InputRow;
}

/**
 * Puts one file on the bus: its row as `reading`, its events and rejected records, its row as `read`. All have one key, so writers say that it is
 * read when its events are in. Resolves when all of it is on the bus.
 * @param known decimal ids of inputs that this path has had
 */
export async function collectFile(
  bus: Bus,
  file: InputFile,
  options: IngestOptions,
  known: readonly string[],
  onProgress: (bytesRead: number, records: number) => void = () => undefined,
  pseudonyms?: Pseudonyms,
): Promise<Collected> {
  const detection = await detect(file, options.format);
  if ('problem' in detection) {
    const report = unread(file.display, detection.problem);
    return { report: detection.empty ? { ...report, problem: undefined, warnings: [detection.problem] } : report };
  }
  const inputId = await inputIdOf(file, known);
  const begun: InputRow = {
    inputId,
    path: file.path,
    format: detection.source.name,
    options: JSON.stringify({ ...options, replace: undefined, format: detection.source.name }),
    state: 'reading',
    correlated: false,
    records: 0,
    parsed: 0,
    skipped: 0,
    rejected: 0,
    events: 0,
    problem: '',
  };
  await bus.publish('trace-events', [inputRecord(bus, begun)]);
  const report = await ingestFile({ bus, file, inputId, detection, options, onProgress, pseudonyms });
  const { records, parsed, skipped, rejected, events, problem = '', content } = report;
  const row: InputRow = { ...begun, state: 'read', records, parsed, skipped, rejected, events, problem, content };
  await bus.publish('trace-events', [inputRecord(bus, row)]);
  return { report, row };
}

/** The report of what could not be read. */
export function unread(path: string, problem: string): FileReport {
  const nothing = { records: 0, parsed: 0, skipped: 0, rejected: 0, events: 0 };
  return { path, format: null, inputId: null, ...nothing, rejectedReasons: [], warnings: [], problem };
}
