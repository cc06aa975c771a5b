import { Command, Option } from 'nest-commander';
import { journeyText } from '../../../libs/delay/journey-text';
import { CLOCKS, ClockService, type Clock } from '../../../libs/delay/clocks/clock.service';
import { accountsOf, type ClockedAccount } from '../../../libs/delay/clocks/journey-accounts';
import type { EvidenceRecord } from '../../../libs/ingest/evidence-records';
import { displayMessageId } from '../../../libs/trace/message-id';
import type { Pseudonyms } from '../../../libs/trace/pseudonyms';
import { choice } from '../command';
import { UsageError } from '../failure';
import { print, printable, printJson } from '../output';
import { StoreCommand, type StoreOptions } from '../store.command';

interface JourneyOptions extends StoreOptions {
  clock?: Clock;
  recipient?: string;
  lines?: boolean;
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
    hoptime journey 20260302.4711@mail.example --lines
    hoptime journey '<20260302.4711@mail.example>' --recipient alice@corp.example --json`;

  async run([given]: string[], options: JourneyOptions): Promise<void> {
    const messageId = displayMessageId(given);
    if (messageId === '') throw new UsageError(`${JSON.stringify(given)} is no Message-ID`);
    const asked = { messageId, recipient: options.recipient ?? '', limit: Infinity, clock: options.clock ?? 'raw' };
    const { journeys, records } = await this.withJourneys(options, async (store) => {
      const found = await accountsOf(store, new ClockService(store), asked);
      const shown = options.json ? found.journeys : found.journeys.slice(0, MOST_AS_TEXT);
      return { ...found, records: options.lines ? await recordsOf(shown, messageId, store.pseudonyms) : undefined };
    });
    if (options.json) await printJson({ message_id: journeys[0]?.message_id ?? messageId, journeys, records });
    else await print(asText(journeys) + recordsText(records ?? []));
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

  @Option({
    flags: '--lines',
    description: 'also the lines of the files that the events come from, without subjects',
  })
  parseLines(): boolean {
    return true;
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

async function recordsOf(
  journeys: readonly ClockedAccount[],
  messageId: string,
  pseudonyms?: Pseudonyms,
): Promise<EvidenceRecord[]> {
  const { evidenceRecords } = await import('../../../libs/ingest/evidence-records.js');
  const events = journeys.flatMap((journey) => journey.events);
  return evidenceRecords(events, messageId, pseudonyms);
}

function recordsText(records: readonly EvidenceRecord[]): string {
  return records
    .map(({ file, line, text, problem }) => {
      const lines = text === null ? [`(not shown: ${problem})`] : text.split(/\r?\n/);
      return `\n${printable(`${file}:${line}`)}\n${lines.map((each) => `  ${printable(each)}\n`).join('')}`;
    })
    .join('');
}
