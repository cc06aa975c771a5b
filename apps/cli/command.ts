import { CommandRunner } from 'nest-commander';
import type { Command } from 'commander';
import { UsageError } from './failure';

/** A command of hoptime: wrong usage is thrown, never ends the process, and the help ends with examples. */
export abstract class CliCommand extends CommandRunner {
  /** lines `hoptime …`, each with what it does */
  protected abstract readonly examples: string;

  override setCommand(command: Command): this {
    command
      .exitOverride()
      .allowExcessArguments(false)
      .showHelpAfterError(`Try: hoptime ${command.name()} --help`)
      .addHelpText('after', () => `\nExamples:\n${this.examples.trim().replace(/^ */gm, '  ')}\n`);
    return super.setCommand(command);
  }
}

/** The text when it is one of the choices, else wrong usage. */
export function choice(flag: string, text: string, choices: readonly string[]): string {
  if (choices.includes(text)) return text;
  throw new UsageError(`${flag}: ${JSON.stringify(text)} is none of ${choices.join(', ')}`);
}

/** A whole number in a range, else wrong usage. */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  if (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
  throw new UsageError(`${flag}: ${JSON.stringify(text)} is not a whole number from ${least} to ${most}`);
}

/** Adds a value of an option that may be given several times. */
export function repeated(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}
