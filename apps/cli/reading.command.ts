import { readFile } from 'node:fs/promises';
import { Option } from 'nest-commander';
import type { IngestOptions, IngestReport, OnProgress } from '../../libs/ingest/ingest-report';
import type { IngestService } from '../../libs/ingest/ingest.service';
import { isTimeZone } from '../../libs/trace/timestamp';
import { wholeNumber } from './command';
import { ExitCode, UsageError } from './failure';
import { ingestDocument, ingestText, ingestWarnings } from './ingest-text';
import { note, print, printJson } from './output';
import { progressDisplay } from './progress';
import { ingestInto, StoreCommand, type StoreOptions } from './store.command';

export interface ReadingOptions extends StoreOptions {
  timezone?: string;
  year?: number;
  mta?: string;
  mapping?: string;
  json?: boolean;
  verdictThresholdMs?: string;
  hesNetworks?: string;
  mtaAliases?: string;
}

/** A command that brings events into the store and journeys up to date. */
export abstract class ReadingCommand extends StoreCommand {
  @Option({ flags: '--timezone <zone>', description: 'IANA zone of stamps without offset, e.g. Europe/Berlin' })
  parseTimezone(text: string): string {
    if (!isTimeZone(text))
      throw new UsageError(`--timezone: ${JSON.stringify(text)} is no time zone such as Europe/Berlin`);
    return text;
  }

  @Option({ flags: '--year <year>', description: "year of stamps without one (default: by the file's date)" })
  parseYear(text: string): number {
    return wholeNumber('--year', text, 1970, 2200);
  }

  @Option({ flags: '--mta <name>', description: 'name of the MTA, when the log does not say it' })
  parseMta(text: string): string {
    return text;
  }

  @Option({
    flags: '--mapping <file>',
    description: 'JSON object: header of the file → field, for headers that are not known',
  })
  parseMapping(text: string): string {
    return text;
  }

  @Option({
    flags: '--verdict-threshold-ms <ms>',
    description: 'late is what took longer (default: VERDICT_THRESHOLD_MS, else 60000)',
  })
  parseVerdictThreshold(text: string): string {
    return text;
  }

  @Option({
    flags: '--hes-networks <list>',
    description: 'addresses and CIDR ranges treated as HES besides the published ones',
  })
  parseHesNetworks(text: string): string {
    return text;
  }

  @Option({
    flags: '--mta-aliases <file>',
    description: 'which names mean the same MTA: a line per MTA with its names (default: MTA_ALIASES)',
  })
  parseMtaAliases(text: string): string {
    return text;
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }

  /**
   * Opens the store and works on it with a progress bar, which is gone when the work ends. What `prepare` does, such as waiting for standard input, keeps
   * nobody waiting who wants to write too.
   */
  protected withIngest<T, P = void>(
    options: ReadingOptions,
    work: (ingest: IngestService, onProgress: OnProgress, prepared: P) => Promise<T>,
    prepare: () => Promise<P> = () => Promise.resolve() as Promise<P>,
  ): Promise<T> {
    const flags = {
      VERDICT_THRESHOLD_MS: options.verdictThresholdMs,
      HES_NETWORKS: options.hesNetworks,
      MTA_ALIASES: options.mtaAliases,
    };
    return this.withStore(
      options,
      async (store, config) => {
        const ingest = await ingestInto(store, config);
        const prepared = await prepare();
        const display = await progressDisplay();
        try {
          return await store.inTurn(() => work(ingest, display.onProgress, prepared));
        } finally {
          display.end();
        }
      },
      flags,
    );
  }

  /** Prints the report and ends with 1 when a file could not be read, 3 when records were rejected. */
  protected async answer(report: IngestReport, json: boolean | undefined): Promise<void> {
    if (json) await printJson(ingestDocument(report));
    else await this.tell(report);
    if (report.files.some((file) => file.problem)) throw new ExitCode(1);
    if (report.totals.rejected > 0) throw new ExitCode(3);
  }

  private async tell(report: IngestReport): Promise<void> {
    await print(ingestText(report));
    const warnings = ingestWarnings(report);
    if (warnings) await note(warnings);
  }

  protected async ingestOptions(options: ReadingOptions): Promise<IngestOptions> {
    const { timezone: timeZone, year, mta } = options;
    const mapping = options.mapping === undefined ? undefined : await readMapping(options.mapping);
    return dropUndefined({ timeZone, year, mta, mapping });
  }
}

const dropUndefined = (options: IngestOptions): IngestOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

async function readMapping(path: string): Promise<Record<string, string>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(
      `--mapping: ${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const isMapping =
    parsed !== null &&
    typeof parsed === 'object' &&
    !Array.isArray(parsed) &&
    Object.values(parsed).every((field) => typeof field === 'string');
  if (!isMapping)
    throw new UsageError(`--mapping: ${path} must hold one JSON object such as {"Received at": "timestamp"}`);
  return parsed as Record<string, string>;
}
