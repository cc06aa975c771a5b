import type { Bus } from '../bus/bus';
import type { Detection } from '../sources/detect';
import type { InputFile } from '../sources/readers/input-file';
import type { RecordBatch } from '../sources/readers/framer';
import type { ByteDigest } from '../sources/readers/open-bytes';
import { readRecords, recordsOf } from '../sources/readers/read-records';
import type { CommonOptions, RawRecord, Source } from '../sources/source';
import type { InputContent } from '../store/input.repository';
import type { FileReport, IngestOptions } from './ingest-report';
import type { Pseudonyms } from '../trace/pseudonyms';
import { shownInputId } from './input-id';
import { RecordIntake } from './record-intake';
import { ZoneCheck } from './zone-check';

/** One file on its way onto the bus: where its records go and what is counted. */
export interface FileIngest {
  readonly bus: Bus;
  readonly file: InputFile;
  readonly inputId: string;
  readonly detection: Detection;
  readonly options: IngestOptions;
  readonly onProgress: (bytesRead: number, records: number) => void;
  /** of a store whose addresses have pseudonyms */
  readonly pseudonyms?: Pseudonyms;
  /** what a survey of this file has said; without, it is surveyed */
  readonly surveyed?: object;
}

/** What the whole file says about how to read it. */
export interface Survey {
  readonly surveyed: object;
  /** What may be appended to the file cannot change the answer. */
  readonly settled: boolean;
}

/** Reads one file to its end (or as far as it can be read) onto the bus: its events and rejected records. Reading it again changes nothing. */
export async function ingestFile(run: FileIngest): Promise<FileReport> {
  const { source, framing } = run.detection;
  const zones = new ZoneCheck();
  const surveyed = run.surveyed ?? (await survey(run.file, run.detection, run.options)).surveyed;
  const options = parserOptions(source, run.options, run.file.modifiedAt, surveyed);
  const intake = new RecordIntake(run.bus, run.inputId, run.detection, options, zones, run.pseudonyms);
  const onBatch = async (batch: RecordBatch, bytesRead: number): Promise<void> => {
    intake.take(batch);
    await intake.handOver();
    run.onProgress(bytesRead, intake.tally.records);
  };
  const result = await readRecords(run.file, framing, onBatch, { digest: true });
  await intake.finish();
  const { tally, events } = intake;
  const warning = zones.warning();
  return {
    path: run.file.display,
    format: source.name,
    inputId: shownInputId(run.inputId),
    records: tally.records,
    parsed: tally.parsed,
    skipped: tally.skipped,
    rejected: tally.rejected,
    events,
    rejectedReasons: tally.rejectedReasons(),
    warnings: warning ? [warning] : [],
    ...(result.digest ? { content: contentOf(run.file, result.digest, result.lines ?? tally.records) } : {}),
    ...(result.problem ? { problem: `${result.problem.reason}; ${result.problem.advice}` } : {}),
  };
}

const contentOf = (file: InputFile, { sha256, sizeBytes }: ByteDigest, lines: number): InputContent => ({
  sha256,
  sizeBytes,
  lines,
  modifiedMs: Math.floor(file.modifiedAt),
});

/** Asks a source that cannot read a record alone to look at the whole file first. */
export async function survey(file: InputFile, { source, framing }: Detection, options: IngestOptions): Promise<Survey> {
  if (!source.survey || options.shape !== undefined) return { surveyed: {}, settled: true };
  let settled = true;
  const records = async function* (): AsyncGenerator<RawRecord, void, undefined> {
    yield* recordsOf(file, framing);
    settled = false;
  };
  const surveyed = await source.survey(records(), commonOptions(options, file.modifiedAt));
  return { surveyed, settled };
}

/** What the user said, what the file says (its survey), and the source's defaults for the rest. `fileTime` is epoch ms. */
export function parserOptions(
  source: Source,
  options: IngestOptions,
  fileTime: number,
  surveyed: object,
): CommonOptions {
  const { shape } = options;
  const own = source.options.parse({ ...surveyed, ...(shape === undefined ? {} : { shape }) });
  return { ...commonOptions(options, fileTime), ...own };
}

function commonOptions({ timeZone, year, mta, mapping }: IngestOptions, fileTime: number): CommonOptions {
  return { timeZone, year, mta, mapping, fileTime };
}
