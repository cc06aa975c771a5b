import { Module } from '@nestjs/common';
import { Command } from 'commander';
import { InjectCommander } from 'nest-commander';
import { CollectCommand } from './commands/collect.command';
import { DemoCommand } from './commands/demo.command';
import { DoctorCommand } from './commands/doctor.command';
import { EraseCommand } from './commands/erase.command';
import { ForgetCommand } from './commands/forget.command';
import { FormatsCommand } from './commands/formats.command';
import { IngestCommand } from './commands/ingest.command';
import { InspectCommand } from './commands/inspect.command';
import { JourneyCommand } from './commands/journey.command';
import { JourneysCommand } from './commands/journeys.command';
import { KeysCommand } from './commands/keys.command';
import { MigrateCommand } from './commands/migrate.command';
import { RejectedCommand } from './commands/rejected.command';
import { ReplayCommand } from './commands/replay.command';
import { ReportCommand } from './commands/report.command';
import { ReportsCommand } from './commands/reports.command';
import { ServeCommand } from './commands/serve.command';
import { RetentionCommand } from './commands/retention.command';
import { SimulateCommand } from './commands/simulate.command';
import { SqlCommand } from './commands/sql.command';
import { VerifyCommand } from './commands/verify.command';

const START_HERE = `
Start here:
  hoptime demo                                   see a report on made-up mail
  hoptime ingest tracking.csv /var/log/mail.log  read your own files
  hoptime report                                 how long did HES and the hops after it take?

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done, but records were rejected.
Configuration: environment or .env, see hoptime COMMAND --help.
`;

/** The commands of `hoptime`, in the order in which its help lists them. */
@Module({
  providers: [
    DemoCommand,
    IngestCommand,
    CollectCommand,
    ReportCommand,
    ReportsCommand,
    VerifyCommand,
    JourneysCommand,
    JourneyCommand,
    InspectCommand,
    DoctorCommand,
    ServeCommand,
    FormatsCommand,
    RejectedCommand,
    ReplayCommand,
    EraseCommand,
    ForgetCommand,
    SqlCommand,
    KeysCommand,
    RetentionCommand,
    SimulateCommand,
    MigrateCommand,
  ],
})
export class AppModule {
  constructor(@InjectCommander() program: Command) {
    program
      .name('hoptime')
      .description('How long did the mail wait, and where: HES-held time and downstream hop time for every message.')
      .addHelpText('after', START_HERE)
      .showHelpAfterError('Try: hoptime --help');
  }
}
