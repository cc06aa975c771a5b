import { existsSync } from 'node:fs';
import { Command, Option } from 'nest-commander';
import { readConfig, type Config } from '../../../libs/config/config';
import type { AllowListFile } from '../../../libs/diagnose/allow-list/allow-list';
import type { Diagnosis } from '../../../libs/diagnose/doctor/diagnosis';
import type { DoctorOptions } from '../../../libs/diagnose/doctor/doctor';
import { repeated } from '../command';
import { ExitCode, UsageError } from '../failure';
import { note, print, printJson } from '../output';
import { StoreCommand, type StoreOptions } from '../store.command';
import { rangeOf, zoneOf, type RangeOptions } from '../time-range';

interface DoctorCommandOptions extends StoreOptions, RangeOptions {
  acl?: string[];
  resolver?: string;
  json?: boolean;
}

@Command({
  name: 'doctor',
  arguments: '<domain>',
  argsDescription: { domain: 'mail domain, the part of an address behind the @' },
  description: 'Do the MX records send the mail through HES, do your allow-lists let HES in, was HES turned away?',
})
export class DoctorCommand extends StoreCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime doctor corp.example
    hoptime doctor corp.example --acl /etc/postfix/main.cf --acl firewall.txt
    hoptime doctor corp.example --from 2026-03-01 --to 2026-04-01 --tz Europe/Berlin
    hoptime doctor corp.example --acl connectors.json --resolver 192.0.2.53:53 --json`;

  async run([name]: string[], options: DoctorCommandOptions): Promise<void> {
    const config = readConfig({ flags: { STORE_URL: options.storeUrl, RESOLVER: options.resolver } });
    const { mailDomain } = await import('../../../libs/diagnose/doctor/mx-records.js');
    const domain = mailDomain(name);
    if (domain === undefined) {
      throw new UsageError(
        `${JSON.stringify(name)} is no mail domain: write the part behind the @, as in corp.example`,
      );
    }
    const range = rangeOf(options);
    const { lists, failed } = await this.allowLists(options.acl ?? []);
    const diagnosis = await this.diagnosis({ domain, allowLists: lists, range }, config, options);
    for (const { file, line, reason } of diagnosis.allow_list_problems) {
      await note(`hoptime: ${file}${line === null ? '' : `:${line}`}: ${reason}`);
    }
    if (options.json) await printJson(diagnosis);
    else {
      const { renderDiagnosis } = await import('../../../libs/diagnose/doctor/render-diagnosis.js');
      await print(renderDiagnosis(diagnosis));
    }
    if (failed || diagnosis.mx.problem !== null) throw new ExitCode(1);
    if (diagnosis.allow_list_problems.length > 0) throw new ExitCode(3);
  }

  @Option({
    flags: '--acl <file>',
    description:
      'allow-list that HES has to pass: CIDR list, Postfix main.cf or cidr table, Exchange connectors as JSON or CSV; may be repeated',
  })
  parseAcl(text: string, before?: string[]): string[] {
    return repeated(text, before);
  }

  @Option({
    flags: '--resolver <address>',
    description: 'name server to ask, ADDRESS or ADDRESS:PORT (default: RESOLVER, else that of the system)',
  })
  parseResolver(text: string): string {
    return text;
  }

  @Option({
    flags: '--from <time>',
    description: 'of the logs only what happened at or after this time: 2026-03-02, 2026-03-02T08:30, …T08:30:00Z',
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
    description: 'IANA zone of --from and --to, e.g. Europe/Berlin',
    defaultValue: 'UTC',
  })
  parseTz(text: string): string {
    return zoneOf(text);
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }

  private async allowLists(paths: readonly string[]): Promise<{ lists: AllowListFile[]; failed: boolean }> {
    const { readAllowList } = await import('../../../libs/diagnose/allow-list/read-allow-list.js');
    const lists: AllowListFile[] = [];
    let failed = false;
    for (const path of paths) {
      const read = readAllowList(path);
      if (!('reason' in read)) lists.push(read);
      else {
        failed = true;
        await note(`hoptime: ${path} cannot be read: ${read.reason}`);
      }
    }
    return { lists, failed };
  }

  private async diagnosis(
    about: Pick<DoctorOptions, 'domain' | 'allowLists' | 'range'>,
    config: Config,
    options: DoctorCommandOptions,
  ): Promise<Diagnosis> {
    const { diagnose } = await import('../../../libs/diagnose/doctor/doctor.js');
    const { resolver, hesNetworks: networks, storeUrl } = config;
    const question = { ...about, resolver, networks, now: Date.now() };
    // A question about DNS makes no store where there is none.
    if (storeUrl.startsWith('chdb:') && !existsSync(storeUrl.slice('chdb:'.length))) return diagnose(question);
    return this.withJourneys(options, (store) => diagnose({ ...question, store }));
  }
}
