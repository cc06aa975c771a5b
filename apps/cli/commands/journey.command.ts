import { Command, Option } from 'nest-commander';
import { journeyText } from '../../../libs/delay/journey-text';
import { CLOCKS, ClockService, type Clock } from '../../../libs/delay/clocks/clock.service';
import { accountsOf, type ClockedAccount } from '../../../libs/delay/clocks/journey-accounts';
import { displayMessageId } from '../../../libs/trace/message-id';
import { choice } from '../command';
import { UsageError } from '../failure';
import { print, printJson } from '../output';
import { StoreCommand, type StoreOptions } from '../store.command';

interface JourneyOptions extends StoreOptions {
  clock?: Clock;
  recipient?: string;
  json?: boolean;
}

/** A mailing to hundreds of recipients should not bury its first answer. */
const MOST_AS_TEXT = 5;

@Command({
  name: 'journey',
  arguments: '<message-id>',
  argsDescription: { 'message-id': 'with or without angle brackets (quote it for the shell)' },
  description: 'One message hop by hop: verdict, advice, and every event with file and line',
})
export class JourneyCommand extends StoreCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime journey 20260302.4711@mail.example
    hoptime journey '<20260302.4711@mail.example>' --recipient alice@corp.example --json`;

  async run([given]: string[], options: JourneyOptions): Promise<void> {
    const messageId = displayMessageId(given);
    if (messageId === '') throw new UsageError(`${JSON.stringify(given)} is no Message-ID`);
    const asked = { messageId, recipient: options.recipient ?? '', limit: Infinity, clock: options.clock ?? 'raw' };
    const { journeys } = await this.withJourneys(options, (store) => accountsOf(store, new ClockService(store), asked));
    if (options.json) await printJson({ message_id: journeys[0]?.message_id ?? messageId, journeys });
    else await print(asText(journeys));
    if (journeys.length === 0) {
      throw new Error(
        `no journey has the Message-ID ${messageId}${options.recipient ? ` and the recipient ${options.recipient}` : ''}: check its spelling, or list what there is with hoptime journeys`,
      );
    }
  }

  @Option({ flags: '--recipient <address>', description: 'only the journey to this recipient' })
  parseRecipient(text: string): string {
    return text;
  }

  @Option({
    flags: '--clock <clock>',
    description: 'raw (as the logs say) or corrected (for the offsets between the clocks of the MTAs)',
    defaultValue: 'raw',
  })
  parseClock(text: string): string {
    return choice('--clock', text, CLOCKS);
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }
}

function asText(journeys: readonly ClockedAccount[]): string {
  const texts = journeys.slice(0, MOST_AS_TEXT).map(journeyText);
  const more = journeys.length - texts.length;
  if (more > 0) texts.push(`${more} more recipients: --recipient ADDRESS shows one, --json all of them.\n`);
  return texts.join(`\n${'═'.repeat(80)}\n\n`);
}
