import { Command } from 'nest-commander';
import { ReadingCommand, type ReadingOptions } from '../reading.command';

@Command({
  name: 'replay',
  description: 'Read files with rejected records again, after a fix, with a mapping or with another zone',
})
export class ReplayCommand extends ReadingCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime replay
    hoptime replay --mapping headers.json
    hoptime replay --timezone Europe/Berlin`;

  async run(_arguments: string[], options: ReadingOptions): Promise<void> {
    const ingestOptions = await this.ingestOptions(options);
    const report = await this.withIngest(options, (ingest, onProgress) => ingest.replay(ingestOptions, onProgress));
    await this.answer(report, options.json);
  }
}
