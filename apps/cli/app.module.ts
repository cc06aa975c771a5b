import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { Command } from 'commander';
import { InjectCommander } from 'nest-commander';

/** The commands of `hoptime`, in the order in which its help lists them. */
const COMMANDS: Readonly<Record<string, () => Promise<Type>>> = {
  demo: async () => (await import('./commands/demo.command.js')).DemoCommand,
  ingest: async () => (await import('./commands/ingest.command.js')).IngestCommand,
  collect: async () => (await import('./commands/collect.command.js')).CollectCommand,
  report: async () => (await import('./commands/report.command.js')).ReportCommand,
  reports: async () => (await import('./commands/reports.command.js')).ReportsCommand,
  verify: async () => (await import('./commands/verify.command.js')).VerifyCommand,
  journeys: async () => (await import('./commands/journeys.command.js')).JourneysCommand,
  journey: async () => (await import('./commands/journey.command.js')).JourneyCommand,
  inspect: async () => (await import('./commands/inspect.command.js')).InspectCommand,
  doctor: async () => (await import('./commands/doctor.command.js')).DoctorCommand,
  serve: async () => (await import('./commands/serve.command.js')).ServeCommand,
  formats: async () => (await import('./commands/formats.command.js')).FormatsCommand,
  rejected: async () => (await import('./commands/rejected.command.js')).RejectedCommand,
  replay: async () => (await import('./commands/replay.command.js')).ReplayCommand,
  erase: async () => (await import('./commands/erase.command.js')).EraseCommand,
  forget: async () => (await import('./commands/forget.command.js')).ForgetCommand,
  sql: async () => (await import('./commands/sql.command.js')).SqlCommand,
  keys: async () => (await import('./commands/keys.command.js')).KeysCommand,
  retention: async () => (await import('./commands/retention.command.js')).RetentionCommand,
  simulate: async () => (await import('./commands/simulate.command.js')).SimulateCommand,
  migrate: async () => (await import('./commands/migrate.command.js')).MigrateCommand,
};

const START_HERE = `
Start here:
  hoptime demo                                   see a report on made-up mail
  hoptime ingest tracking.csv /var/log/mail.log  read your own files
  hoptime report                                 how long did HES and the hops after it take?

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done, but records were rejected.
Configuration: environment or .env; docs/configuration.md has all values, hoptime COMMAND --help the flags.
`;

/** The program with its commands. */
@Module({})
export class AppModule {
  constructor(@InjectCommander() program: Command) {
    program
      .name('hoptime')
      .description('How long did the mail wait, and where: HES-held time and downstream hop time for every message.')
      .addHelpText('after', START_HERE)
      .showHelpAfterError('Try: hoptime --help');
  }

  /**
   * The program for one command line: where its first word names a command, with that one alone, since loading all of them takes longer than most of
   * them work; else with all, for the help and for what is misspelt.
   */
  static async for([asked = '']: readonly string[]): Promise<DynamicModule> {
    const loads = Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]] : Object.values(COMMANDS);
    return { module: AppModule, providers: await Promise.all(loads.map((load) => load())) };
  }
}
