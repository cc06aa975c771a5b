import { Command, Option } from 'nest-commander';
import { journeyText } from '../../../libs/delay/journey-text';
import { JourneyService } from '../../../libs/delay/journey.service';
import { displayMessageId } from '../../../libs/trace/message-id';
import { UsageError } from '../failure';
import { print, printJson } from '../output';
import { StoreCommand, type StoreOptions } from '../store.command';

@Command({
  name: 'journey',
  arguments: '<message-id>',
  argsDescription: { 'message-id': 'with or without angle brackets (quote it for the shell)' },
  description: 'One message hop by hop: verdict, advice, and every event with file and line',
})
export class JourneyCommand extends StoreCommand {
  protected readonly examples = `
    hoptime journey 20260302.4711@mail.example
    hoptime journey '<20260302.4711@mail.example>' --json`;

  async run([given]: string[], options: StoreOptions & { json?: boolean }): Promise<void> {
    const messageId = displayMessageId(given);
    if (messageId === '') throw new UsageError(`${JSON.stringify(given)} is no Message-ID`);
    const journeys = await this.withJourneys(options, (store) => new JourneyService(store).account(messageId));
    if (options.json) await printJson({ message_id: journeys[0]?.message_id ?? messageId, journeys });
    else await print(journeys.map(journeyText).join(`\n${'═'.repeat(80)}\n\n`));
    if (journeys.length === 0) {
      throw new Error(
        `no journey has the Message-ID ${messageId}: check its spelling, or list what there is with hoptime journeys`,
      );
    }
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }
}
