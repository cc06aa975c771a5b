import { Command, Option } from 'nest-commander';
import { ClockService } from '../../../libs/delay/clocks/clock.service';
import { JOURNEY_FORMATS, listJourneys, type JourneyFormat } from '../../../libs/delay/journey-list';
import { JourneyService, SORTS, type Sort } from '../../../libs/delay/journey.service';
import { choice, wholeNumber } from '../command';
import { FilteredCommand, type FilterOptions } from '../filtered.command';
import { UsageError } from '../failure';
import { note, printAll } from '../output';

interface JourneysOptions extends FilterOptions {
  format?: JourneyFormat;
  json?: boolean;
  limit?: number;
  all?: boolean;
  sort?: Sort;
}

const DEFAULT_LIMIT = 50;

@Command({ name: 'journeys', description: 'List the journeys behind the figures of a report' })
export class JourneysCommand extends FilteredCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime journeys --sort slowest --limit 10
    hoptime journeys --verdict hes_waiting_on_downstream --from 2026-03-02 --to 2026-03-03
    hoptime journeys --all --format csv > journeys.csv
    hoptime journeys --clock corrected --sort slowest`;

  async run(_arguments: string[], options: JourneysOptions): Promise<void> {
    if (options.all && options.limit !== undefined) throw new UsageError('--all and --limit exclude each other');
    const filter = this.filterOf(options);
    const format = options.json ? 'json' : (options.format ?? 'table');
    const limit = options.all ? Infinity : (options.limit ?? DEFAULT_LIMIT);
    const withHops = format !== 'csv';
    await this.withJourneys(options, async (store) => {
      let shown = 0;
      const rows = await new ClockService(store).storeFor(options.clock ?? 'raw', filter);
      const journeys = new JourneyService(rows).journeys({ filter, sort: options.sort ?? 'time', limit, withHops });
      const counted = async function* () {
        for await (const journey of journeys) {
          shown++;
          yield journey;
        }
      };
      await printAll(listJourneys(counted(), format));
      if (shown === limit && options.limit === undefined)
        await note(`The first ${limit} journeys: --limit N or --all shows more.`);
    });
  }

  @Option({ flags: '--format <format>', description: JOURNEY_FORMATS.join(', '), defaultValue: 'table' })
  parseFormat(text: string): string {
    return choice('--format', text, JOURNEY_FORMATS);
  }

  @Option({ flags: '--json', description: 'the same as --format json' })
  parseJson(): boolean {
    return true;
  }

  @Option({ flags: '--limit <n>', description: `most journeys to show (default: ${DEFAULT_LIMIT})` })
  parseLimit(text: string): number {
    return wholeNumber('--limit', text, 1, 1_000_000_000);
  }

  @Option({ flags: '--all', description: 'all journeys' })
  parseAll(): boolean {
    return true;
  }

  @Option({
    flags: '--sort <order>',
    description: 'time (first event) or slowest (longest total first)',
    defaultValue: 'time',
  })
  parseSort(text: string): string {
    return choice('--sort', text, SORTS);
  }
}
