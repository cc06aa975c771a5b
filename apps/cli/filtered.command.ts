import { Option } from 'nest-commander';
import { CLOCKS, type Clock } from '../../libs/delay/clocks/clock.service';
import { FILTER_CHOICES, VERDICT_FORM, type FilterName, type JourneyFilter } from '../../libs/delay/journey-filter';
import { choice, repeated } from './command';
import { UsageError } from './failure';
import { StoreCommand, type StoreOptions } from './store.command';
import { rangeOf, zoneOf, type RangeOptions } from './time-range';

export interface FilterOptions extends StoreOptions, RangeOptions {
  recipientDomain?: string[];
  senderDomain?: string[];
  mta?: string[];
  direction?: string[];
  state?: string[];
  verdict?: string[];
  viaHes?: string[];
  clock?: Clock;
}

/** A command with the filters of interfaces.md §5. */
export abstract class FilteredCommand extends StoreCommand {
  @Option({
    flags: '--from <time>',
    description: 'journeys whose first event is at or after this time: 2026-03-02, 2026-03-02T08:30, …T08:30:00Z',
  })
  parseFrom(text: string): string {
    return text;
  }

  @Option({ flags: '--to <time>', description: 'and before this time' })
  parseTo(text: string): string {
    return text;
  }

  @Option({
    flags: '--tz <zone>',
    description: 'IANA zone of --from, --to and of the borders of days, e.g. Europe/Berlin',
    defaultValue: 'UTC',
  })
  parseTz(text: string): string {
    return zoneOf(text);
  }

  @Option({ flags: '--recipient-domain <domain>', description: 'only this domain (each filter may be repeated)' })
  parseRecipientDomain(text: string, before?: string[]): string[] {
    return repeated(text, before);
  }

  @Option({ flags: '--sender-domain <domain>', description: 'only this domain' })
  parseSenderDomain(text: string, before?: string[]): string[] {
    return repeated(text, before);
  }

  @Option({ flags: '--mta <name>', description: 'only journeys with a hop at this MTA' })
  parseMta(text: string, before?: string[]): string[] {
    return repeated(text, before);
  }

  @Option({ flags: '--direction <direction>', description: 'in, out, internal or unknown' })
  parseDirection(text: string, before?: string[]): string[] {
    return repeated(known('direction', text), before);
  }

  @Option({
    flags: '--state <state>',
    description: 'complete, relayed, in_flight, bounced, rejected, expired, quarantined or deleted',
  })
  parseState(text: string, before?: string[]): string[] {
    return repeated(known('state', text), before);
  }

  @Option({
    flags: '--verdict <verdict>',
    description:
      'none, hes_processing, hes_waiting_on_downstream, downstream, downstream:MTA, upstream, not_via_hes or unknown',
  })
  parseVerdict(text: string, before?: string[]): string[] {
    if (VERDICT_FORM.test(text)) return repeated(text, before);
    throw new UsageError(
      `--verdict: ${JSON.stringify(text)} is none of none, hes_processing, hes_waiting_on_downstream, downstream, downstream:MTA, upstream, not_via_hes, unknown`,
    );
  }

  @Option({ flags: '--via-hes <answer>', description: 'yes, no or unknown' })
  parseViaHes(text: string, before?: string[]): string[] {
    return repeated(known('via_hes', text), before);
  }

  @Option({
    flags: '--clock <clock>',
    description: 'raw (as the logs say) or corrected (for the offsets between the clocks of the MTAs)',
    defaultValue: 'raw',
  })
  parseClock(text: string): string {
    return choice('--clock', text, CLOCKS);
  }

  /** The filter that the options describe; wrong bounds are wrong usage. */
  protected filterOf(options: FilterOptions): JourneyFilter {
    return {
      ...rangeOf(options),
      recipient_domain: options.recipientDomain,
      sender_domain: options.senderDomain,
      mta: options.mta,
      direction: options.direction,
      state: options.state,
      verdict: options.verdict,
      via_hes: options.viaHes,
    };
  }
}

const known = (name: FilterName, text: string): string =>
  choice(`--${name.replace('_', '-')}`, text, FILTER_CHOICES[name] ?? []);
