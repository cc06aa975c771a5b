import { existsSync, readFileSync } from 'node:fs';
import { Command, Option } from 'nest-commander';
import { readConfig, type Config } from '../../../libs/config/config';
import { MANIFEST_SUFFIX, reportOfFiles, reportOfStore, type Found } from '../../../libs/report/issued/given-report';
import { IssuedReportRepository } from '../../../libs/report/issued/issued-report.repository';
import { publicKeyFrom, signingKeyOf, SigningKeyError, type PublicKey } from '../../../libs/report/issued/signing-key';
import type { InputsOptions } from '../../../libs/report/issued/verify.service';
import { verificationText, type Verification } from '../../../libs/report/issued/verification';
import { findInputs } from '../../../libs/sources/readers/find-inputs';
import { isInputProblem, type InputFile } from '../../../libs/sources/readers/input-file';
import { repeated } from '../command';
import { ExitCode, UsageError } from '../failure';
import { note, print, printJson } from '../output';
import { StoreCommand, type StoreOptions } from '../store.command';

interface VerifyOptions extends StoreOptions {
  inputs?: string[];
  key?: string;
  json?: boolean;
}

@Command({
  name: 'verify',
  arguments: '<report> [more-inputs...]',
  argsDescription: {
    report: 'the file of an issued report or of its manifest, or an id of hoptime reports',
    'more-inputs': 'with --inputs: further files and folders',
  },
  description: 'Is an issued report what was issued, and do its figures come out again?',
})
export class VerifyCommand extends StoreCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime verify march.html                        against the store
    hoptime verify 4f2a91c0b3de-1                    the report as the store keeps it
    hoptime verify march.pdf --inputs logs/          by the input files alone, on any machine
    hoptime verify march.html --key report-key.pub.pem`;

  async run([report, ...more]: string[], options: VerifyOptions): Promise<void> {
    if (more.length > 0 && !options.inputs) throw new UsageError(`${more[0]}: inputs are given with --inputs`);
    const config = readConfig({ flags: { STORE_URL: options.storeUrl } });
    const trusted = trustedKey(options, config);
    const paths = options.inputs && [...options.inputs, ...more];
    const verification = paths
      ? await this.byInputs(report, paths, { trusted, pseudonymKey: config.pseudonymKey })
      : await this.byStore(report, options, trusted);
    if (options.json) await printJson(verification);
    else await print(verificationText(verification));
    if (!verification.equal) throw new ExitCode(1);
  }

  private async byInputs(report: string, paths: readonly string[], options: InputsOptions): Promise<Verification> {
    const given = found(await reportOfFiles(report));
    const files: InputFile[] = [];
    for await (const input of findInputs(paths)) {
      if (isInputProblem(input)) throw new Error(`${input.path} ${input.reason}; ${input.advice}`);
      files.push(input);
    }
    const { verifyAgainstInputs } = await import('../../../libs/report/issued/verify.service.js');
    return verifyAgainstInputs(given, files, { ...options, onFile: said });
  }

  private byStore(report: string, options: VerifyOptions, trusted: PublicKey | undefined): Promise<Verification> {
    const isFile = existsSync(report) || existsSync(`${report}${MANIFEST_SUFFIX}`);
    return this.withJourneys(options, async (store) => {
      const { verifyAgainstStore } = await import('../../../libs/report/issued/verify.service.js');
      const reports = new IssuedReportRepository(store);
      const given = found(await (isFile ? reportOfFiles(report) : reportOfStore(reports, report)));
      return verifyAgainstStore(given, store, { trusted, onFile: said });
    });
  }

  @Option({
    flags: '--inputs <path>',
    description: 'compute the figures anew from these files and folders alone, in a temporary store (may be repeated)',
  })
  parseInputs(text: string, before?: string[]): string[] {
    return repeated(text, before);
  }

  @Option({
    flags: '--key <file>',
    description: 'the public key (PEM) that must have signed it (default: that of REPORT_SIGNING_KEY)',
  })
  parseKey(text: string): string {
    return text;
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }
}

const said = (path: string, doing: string): void => void note(`hoptime: ${doing} ${path}`);

function found(report: Found): Exclude<Found, { problem: string }> {
  if ('problem' in report) throw new Error(report.problem);
  return report;
}

function trustedKey({ key }: VerifyOptions, config: Config): PublicKey | undefined {
  if (key === undefined) return signingKeyOf(config.reportSigningKey)?.publicKey;
  try {
    return publicKeyFrom(readFileSync(key, 'utf8'), `--key: ${key}`);
  } catch (error) {
    if (error instanceof SigningKeyError) throw new UsageError(error.message);
    throw new UsageError(`--key: ${key} cannot be read`);
  }
}
