import { Command, Option } from 'nest-commander';
import { SHAPES } from '../../../libs/sources/formats/trend-email-security/options';
import { choice } from '../command';
import { UsageError } from '../failure';
import { ReadingCommand, type ReadingOptions } from '../reading.command';

interface IngestCommandOptions extends ReadingOptions {
  format?: string;
  shape?: string;
  replace?: boolean;
}

@Command({
  name: 'ingest',
  arguments: '<path...>',
  argsDescription: {
    path: 'files, folders, globs, or - for standard input; plain, gzip, or zstd where Node.js reads it',
  },
  description: 'Read HES exports, mail logs and mail files, and bring the journeys up to date',
})
export class IngestCommand extends ReadingCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime ingest tracking.csv --timezone Europe/Berlin
    hoptime ingest /var/log/mail.log* exports/
    zcat old.gz | hoptime ingest - --format postfix --year 2025 --mta mx1.corp.example
    hoptime ingest tracking.csv --timezone UTC --replace    # after a wrong zone`;

  async run(paths: string[], options: IngestCommandOptions): Promise<void> {
    const { SOURCES } = await import('../../../libs/sources/registry.js');
    const names = SOURCES.map(({ name }) => name);
    const { format, shape, replace } = options;
    if (format !== undefined && !names.includes(format)) {
      throw new UsageError(`--format: ${JSON.stringify(format)} is none of ${names.join(', ')}`);
    }
    const ingestOptions = {
      ...(await this.ingestOptions(options)),
      ...(format && { format }),
      ...(shape && { shape }),
      ...(replace && { replace }),
    };
    const { allInputs } = await import('../../../libs/sources/readers/find-inputs.js');
    const report = await this.withIngest(
      options,
      (ingest, onProgress, inputs) => ingest.ingest(inputs, ingestOptions, onProgress),
      () => allInputs(paths),
    );
    await this.answer(report, options.json);
  }

  @Option({ flags: '--format <name>', description: 'input format (default: detected per file; see hoptime formats)' })
  parseFormat(text: string): string {
    return text;
  }

  @Option({
    flags: '--shape <shape>',
    description: 'what a row of a HES export is: states, events or last-action (default: decided per file)',
  })
  parseShape(text: string): string {
    return choice('--shape', text, SHAPES);
  }

  @Option({ flags: '--replace', description: 'first take out what earlier readings of these files brought' })
  parseReplace(): boolean {
    return true;
  }
}
