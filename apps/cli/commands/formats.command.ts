import { Command, Option } from 'nest-commander';
import { printable, textTable } from '../../../libs/delay/text-table';
import type { Candidate } from '../../../libs/sources/detect';
import { CliCommand } from '../command';
import { ExitCode } from '../failure';
import { print, printJson } from '../output';

interface Likely {
  file: string;
  /** null when no format fits */
  format: string | null;
  framing: string | null;
  /** 0 … 1 */
  score: number | null;
  reason: string;
  alternatives: { format: string; framing: string; score: number; reason: string }[];
}

@Command({
  name: 'formats',
  arguments: '[file...]',
  argsDescription: { file: 'files to look at' },
  description: 'List the input formats, or say which one a file looks like and why',
})
export class FormatsCommand extends CliCommand {
  protected readonly examples = `
    hoptime formats
    hoptime formats tracking.csv mail.log.1.gz`;

  async run(paths: string[], options: { json?: boolean }): Promise<void> {
    if (paths.length === 0) return this.list(options.json);
    const files = await look(paths);
    if (options.json) await printJson({ files });
    else await print(files.map(lines).join(''));
    if (files.some((file) => file.format === null)) throw new ExitCode(1);
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }

  private async list(json: boolean | undefined): Promise<void> {
    const { SOURCES } = await import('../../../libs/sources/registry.js');
    const formats = SOURCES.map(({ name, title, framings }) => ({ name, title, framings }));
    if (json) return printJson({ formats });
    const columns = [{ title: '--format' }, { title: 'what it is' }, { title: 'cut into' }];
    await print(
      textTable(
        columns,
        formats.map(({ name, title, framings }) => [name, title, framings.join(', ')]),
      ),
    );
  }
}

async function look(paths: string[]): Promise<Likely[]> {
  const { detect } = await import('../../../libs/sources/detect.js');
  const { findInputs } = await import('../../../libs/sources/readers/find-inputs.js');
  const { isInputProblem } = await import('../../../libs/sources/readers/input-file.js');
  const files: Likely[] = [];
  const unknown = { format: null, framing: null, score: null };
  for await (const input of findInputs(paths)) {
    if (isInputProblem(input)) {
      files.push({ file: input.path, ...unknown, reason: `${input.reason}; ${input.advice}`, alternatives: [] });
      continue;
    }
    const found = await detect(input);
    const alternatives = found.alternatives.map(shown);
    if ('problem' in found) files.push({ file: input.display, ...unknown, reason: found.problem, alternatives });
    else files.push({ file: input.display, ...shown(found), alternatives });
  }
  return files;
}

const shown = ({ source, framing, score, reason }: Candidate): Likely['alternatives'][number] => ({
  format: source.name,
  framing,
  score,
  reason,
});

function lines({ file, format, framing, reason, alternatives }: Likely): string {
  const answer = format === null ? `${file}: ${reason}` : `${file}: ${format}, cut into ${framing}: ${reason}`;
  const others = alternatives
    .filter((other) => other.score > 0)
    .map(
      (other) =>
        `  or ${other.format}, cut into ${other.framing} (${Math.round(other.score * 100)} %): ${other.reason}`,
    );
  return [answer, ...others].map((line) => `${printable(line)}\n`).join('');
}
