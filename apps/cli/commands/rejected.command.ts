import { Command, Option } from 'nest-commander';
import { RejectedService } from '../../../libs/delay/rejected.service';
import { rejectedText } from '../../../libs/delay/rejected-text';
import { wholeNumber } from '../command';
import { print, printJson } from '../output';
import { StoreCommand, type StoreOptions } from '../store.command';

@Command({ name: 'rejected', description: 'What was not understood, by file and reason' })
export class RejectedCommand extends StoreCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime rejected
    hoptime rejected --file mail.log --json`;

  async run(
    _arguments: string[],
    options: StoreOptions & { file?: string; limit?: number; json?: boolean },
  ): Promise<void> {
    const reasons = await this.withStore(options, (store) =>
      new RejectedService(store).byReason(options.file, options.limit ?? 100),
    );
    if (options.json) await printJson(reasons);
    else await print(rejectedText(reasons));
  }

  @Option({ flags: '--file <file>', description: 'only this file: its path, or the end of it' })
  parseFile(text: string): string {
    return text;
  }

  @Option({ flags: '--limit <n>', description: 'most lines (default: 100)' })
  parseLimit(text: string): number {
    return wholeNumber('--limit', text, 1, 1_000_000);
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }
}
