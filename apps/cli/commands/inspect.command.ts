import { readFile, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { Command, Option } from 'nest-commander';
import { readConfig } from '../../../libs/config/config';
import { isIanaZone } from '../../../libs/delay/local-time';
import type { Inspection } from '../../../libs/diagnose/inspection';
import { CliCommand } from '../command';
import { ExitCode, UsageError } from '../failure';
import { note, print, printJson } from '../output';

interface InspectOptions {
  timezone?: string;
  json?: boolean;
}

@Command({
  name: 'inspect',
  arguments: '<file...>',
  argsDescription: { file: 'EML, Outlook MSG, mbox or pasted header text; - for standard input' },
  description: 'Did this mail pass HES, how long was it held, which hop was slow? Needs no store',
})
export class InspectCommand extends CliCommand {
  protected readonly examples = `
    hoptime inspect late-mail.eml
    hoptime inspect late-mail.msg
    hoptime inspect - < headers.txt
    hoptime inspect *.eml --json`;

  async run(files: string[], options: InspectOptions): Promise<void> {
    const { verdictThresholdMs: thresholdMs } = readConfig();
    const { inspect } = await import('../../../libs/diagnose/inspect.js');
    const { renderInspection } = await import('../../../libs/diagnose/render-inspection.js');
    const answers: { file: string; inspections: Inspection[] }[] = [];
    let failed = false;
    for (const file of files) {
      const input = await read(file);
      if ('problem' in input) {
        failed = true;
        await note(`hoptime: ${input.problem}`);
        continue;
      }
      const inspections = inspect(input.bytes, { timeZone: options.timezone, fileTime: input.fileTime, thresholdMs });
      failed ||= inspections.every(({ hops }) => hops.length === 0);
      answers.push({ file, inspections });
      if (options.json) continue;
      if (files.length > 1) await print(`══ ${file}\n`);
      for (const inspection of inspections) await print(`${renderInspection(inspection)}\n`);
    }
    if (options.json) await printJson({ files: answers });
    if (failed) throw new ExitCode(1);
  }

  @Option({ flags: '--timezone <zone>', description: 'IANA zone of stamps without offset' })
  parseTimezone(text: string): string {
    if (!isIanaZone(text))
      throw new UsageError(`--timezone: ${JSON.stringify(text)} is no IANA time zone such as Europe/Berlin`);
    return text;
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }
}

async function read(file: string): Promise<{ bytes: Uint8Array; fileTime: number } | { problem: string }> {
  try {
    if (file === '-') return { bytes: await buffer(process.stdin), fileTime: Date.now() };
    return { bytes: await readFile(file), fileTime: (await stat(file)).mtimeMs };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^\w+: |, \w+( '.*')?$/g, '') : String(error);
    return { problem: `${file} cannot be read: ${reason}` };
  }
}
