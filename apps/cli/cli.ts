import { CommandFactory } from 'nest-commander';
import { packageVersion } from '../../libs/config/package-root';
import { AppModule } from './app.module';
import { describeFailure, exitCodeOf } from './failure';
import { note } from './output';

/** Runs one command line and answers the exit code of interfaces.md §3. Never throws. */
export async function runCli(debug: boolean): Promise<number> {
  let code = 0;
  const fail = async (error: unknown): Promise<void> => {
    code = exitCodeOf(error);
    const text = describeFailure(error, debug);
    // When standard error takes no text, the exit code must do.
    if (text) await note(text).catch(() => undefined);
  };
  try {
    const app = await CommandFactory.createWithoutRunning(await AppModule.for(process.argv.slice(2)), {
      logger: false,
      cliName: 'hoptime',
      version: packageVersion(),
      errorHandler: (error) => {
        throw error;
      },
      serviceErrorHandler: fail,
      outputConfiguration: { outputError: (text, write) => write(text.replace(/^error: /, 'hoptime: ')) },
    });
    await CommandFactory.runApplication(app);
    await app.close();
  } catch (error) {
    await fail(error);
  }
  return code;
}
