import type { Detection } from '../sources/detect';
import type { InputFile } from '../sources/readers/input-file';
import { readRecords, recordsOf } from '../sources/readers/read-records';
import type { CommonOptions } from '../sources/source';
import { RejectedRecordWriter } from '../store/rejected-record.writer';
import type { Store } from '../store/store';
import { TraceEventWriter } from '../store/trace-event.writer';
import type { FileReport, IngestOptions } from './ingest-report';
import { shownInputId } from './input-id';
import { Tally } from './tally';
import { ZoneCheck } from './zone-check';

/** One file on its way into the store: where its records go and what is counted. */
export interface FileIngest {
  readonly store: Store;
  readonly file: InputFile;
  readonly inputId: string;
  readonly detection: Detection;
  readonly options: IngestOptions;
  readonly onProgress: (bytesRead: number, records: number) => void;
}

/** Reads one file to its end (or as far as it can be read) into trace_events and rejected_records. Reading it again changes nothing. */
export async function ingestFile(run: FileIngest): Promise<FileReport> {
  const { source, framing } = run.detection;
  const parser = source.parser(await parserOptions(run));
  const tally = new Tally();
  const zones = new ZoneCheck();
  const writer = new TraceEventWriter(run.store, run.inputId);
  const rejects = new RejectedRecordWriter(run.store, run.inputId, source.name);
  const sink = {
    draft: writer.draft,
    emit: () => {
      zones.see(writer.draft);
      writer.emit();
    },
  };
  const result = await readRecords(run.file, framing, async (batch, bytesRead) => {
    for (let record = batch.next(); record; record = batch.next()) {
      writer.line = record.line;
      const outcome = record.problem === undefined ? parser.parse(record, sink) : { reject: record.problem };
      const reason = tally.count(outcome, record.line);
      if (reason !== undefined) {
        rejects.add({ line: record.line, reason, text: record.bytes.subarray(record.from, record.to) });
      }
    }
    await writer.handOver();
    await rejects.handOver();
    run.onProgress(bytesRead, tally.records);
  });
  await writer.finish();
  await rejects.finish();
  const warning = zones.warning();
  return {
    path: run.file.display,
    format: source.name,
    inputId: shownInputId(run.inputId),
    records: tally.records,
    parsed: tally.parsed,
    skipped: tally.skipped,
    rejected: tally.rejected,
    events: writer.events,
    rejectedReasons: tally.rejectedReasons(),
    warnings: warning ? [warning] : [],
    ...(result.problem ? { problem: `${result.problem.reason}; ${result.problem.advice}` } : {}),
  };
}

/** What the user said, what the file says (its survey), and the source's defaults for the rest. */
async function parserOptions(run: FileIngest): Promise<CommonOptions> {
  const { source, framing } = run.detection;
  const { timeZone, year, mta, mapping, shape } = run.options;
  const common: CommonOptions = { timeZone, year, mta, mapping, fileTime: run.file.modifiedAt };
  const surveyed =
    source.survey && shape === undefined ? await source.survey(recordsOf(run.file, framing), common) : {};
  return { ...common, ...source.options.parse({ ...surveyed, ...(shape === undefined ? {} : { shape }) }) };
}
