import { join } from 'node:path';
import { Command, Option } from 'nest-commander';
import type { FleetName } from '../../../libs/simulate/hosts';
import type { SimulationSummary } from '../../../libs/simulate/simulation-summary';
import { asDiskFull } from '../../../libs/store/disk-full';
import { CliCommand, choice, wholeNumber } from '../command';
import { UsageError } from '../failure';
import { print, printJson } from '../output';

interface SimulateOptions {
  out: string;
  messages?: number;
  seed?: number;
  days?: number;
  fleet?: FleetName;
  json?: boolean;
}

@Command({
  name: 'simulate',
  description: 'Write a synthetic fleet of known truth, in every input format',
})
export class SimulateCommand extends CliCommand {
  protected readonly examples = `
    hoptime simulate --out fleet --messages 5000 --seed 7
    hoptime simulate --out postfix-only --fleet postfix
    hoptime ingest fleet/hes fleet/postfix fleet/sendmail fleet/exchange fleet/mail --timezone UTC
    hoptime ingest fleet/exim --mta mx3 --timezone UTC`;

  async run(_arguments: string[], options: SimulateOptions): Promise<void> {
    const { simulate } = await import('../../../libs/simulate/simulate.js');
    const summary = await simulate({
      out: options.out,
      messages: options.messages ?? 2000,
      seed: options.seed ?? 1,
      days: options.days ?? 14,
      fleet: options.fleet ?? 'mixed',
    }).catch((error: unknown) => {
      throw asDiskFull(error, options.out);
    });
    if (options.json) await printJson(summary);
    else await print(written(summary));
  }

  @Option({
    flags: '--out <folder>',
    description: 'a new or empty folder, or that of an earlier simulation',
    required: true,
  })
  parseOut(text: string): string {
    if (text === '') throw new UsageError('--out: a folder is needed');
    return text;
  }

  @Option({ flags: '--messages <n>', description: 'number of messages (default: 2000)' })
  parseMessages(text: string): number {
    return wholeNumber('--messages', text, 1, 100_000_000);
  }

  @Option({ flags: '--seed <n>', description: 'the same seed gives the same fleet (default: 1)' })
  parseSeed(text: string): number {
    return wholeNumber('--seed', text, 0, Number.MAX_SAFE_INTEGER);
  }

  @Option({ flags: '--days <n>', description: 'length, from Monday 2 March 2026 (default: 14)' })
  parseDays(text: string): number {
    return wholeNumber('--days', text, 1, 366);
  }

  @Option({
    flags: '--fleet <kind>',
    description:
      'mixed: gateways of Postfix, Sendmail and Exim, mailboxes in Dovecot, Exchange and Microsoft 365; postfix: all hosts run Postfix (default: mixed)',
  })
  parseFleet(text: string): string {
    return choice('--fleet', text, ['mixed', 'postfix']);
  }

  @Option({ flags: '--json', description: 'print the truth.json' })
  parseJson(): boolean {
    return true;
  }
}

function written({ out, ingest }: SimulationSummary): string {
  const calls = ingest.map(
    ({ paths, timeZone, mta }) =>
      `  npx hoptime ingest ${paths.map((path) => join(out, path)).join(' ')} --timezone ${timeZone}${mta ? ` --mta ${mta}` : ''}\n`,
  );
  return `Written to ${out}, with what is true about it in truth.json and truth.ndjson.\nNext:\n${calls.join('')}`;
}
