import { reportCsv } from '../../delay/report-csv';
import { givenFilters } from '../../delay/report.service';
import { parametersOfJourneys } from '../../ingest/correlation-parameters';
import { migrations } from '../../store/migrator';
import type { Store } from '../../store/store';
import { reportHtml } from '../report-html';
import { computeReport, type ReportQuestion } from './computed-report';
import { differingFigures, figuresOf, issuedJson, shownFigures } from './figures';
import { IssuedReportRepository, type IssuedHead, type NewReport } from './issued-report.repository';
import {
  manifestText,
  readManifest,
  sha256Of,
  type Changes,
  type DocumentFormat,
  type Manifest,
  type ManifestInput,
} from './manifest';
import { RecordedRows } from './recorded-rows';
import { signatureOf, type SigningKey } from './signing-key';

/** The fingerprint of the key that addresses are replaced with, among what the journeys were made with. */
export const PSEUDONYM_KEY = 'pseudonym_key';

export interface IssueOptions {
  readonly version: string;
  readonly verdictThresholdMs: number;
  /** reports are not signed without */
  readonly signingKey?: SigningKey;
  /** prints the PDF; without, the report is not issued as one */
  readonly print?: (html: string) => Promise<Uint8Array>;
}

export interface IssueResult {
  readonly head: IssuedHead;
  /** false: nothing differs from this revision, which stands */
  readonly isNew: boolean;
  readonly changes: Changes | null;
}

/** Issues reports: computes them, keeps them with their manifest, and says what changed against the revision before. */
export class IssueService {
  private readonly reports: IssuedReportRepository;

  /** @param reader what figures are read by, where that is not the store itself */
  constructor(
    private readonly store: Store,
    private readonly options: IssueOptions,
    private readonly reader: Pick<Store, 'rows'> = store,
  ) {
    this.reports = new IssuedReportRepository(reader);
  }

  /**
   * Issues the report of a period, or its next revision where anything differs from the last one. Call it in the turn of those who change
   * the store, so that all figures are of one state of it, with the journeys up to date.
   * @param now epoch ms
   */
  async issue(question: ReportQuestion, now: number): Promise<IssueResult> {
    const { version, verdictThresholdMs, print } = this.options;
    const recorded = new RecordedRows(this.reader);
    const { document, inputs } = await computeReport(recorded, question, { version, now, verdictThresholdMs });
    const configuration = await configurationOf(this.store);
    const values = Object.fromEntries(figuresOf(issuedJson(document)));
    const series = seriesOf(question);
    const before = await this.reports.latest(series);
    const earlier = before && (await this.manifestOf(before.id));
    const changes = earlier ? changesBetween(earlier, { inputs, values, configuration }) : null;
    if (before && changes && !hasAny(changes)) return { head: before, isNew: false, changes: null };

    const [last] = await this.reports.list(1);
    const revision = (before?.revision ?? 0) + 1;
    const id = `${series}-${revision}`;
    const issuedAt = new Date(now).toISOString();
    const fed = {
      count: inputs.length,
      events: inputs.reduce((sum, { events }) => sum + events, 0),
      without_hash: inputs.filter(({ sha256: hash }) => hash === null).length,
    };
    const issued = { ...document, issued: { id, revision, issued_at: issuedAt, inputs: fed, changes } };
    const html = reportHtml(issued);
    const documents: Partial<Record<DocumentFormat, string>> = {
      json: `${JSON.stringify(issuedJson(issued), null, 2)}\n`,
      html,
      csv: reportCsv(issued.report),
      ...(print ? { pdf: Buffer.from(await print(html)).toString('base64') } : {}),
    };
    const { filter, timeZone: tz, clauses, clock } = question;
    const { clocks } = recorded;
    const sequence = (last?.sequence ?? 0) + 1;
    const manifest: Manifest = {
      manifest_version: 1,
      report: {
        id,
        series,
        sequence,
        revision,
        issued_at: issuedAt,
        from: new Date(filter.from).toISOString(),
        to: new Date(filter.to).toISOString(),
        tz,
        ...(clock === 'corrected' ? { clock } : {}),
        filters: givenFilters(filter),
        clauses: [...clauses],
        changes,
      },
      documents: Object.fromEntries(
        Object.entries(documents).map(([format, text]) => [format, describedBytes(bytesOf(format, text))]),
      ),
      previous: last ? { id: last.id, manifest_sha256: last.manifestSha256 } : null,
      inputs,
      versions: {
        hoptime: version,
        engine: document.method['engine (ClickHouse)'],
        schema: await schemaOf(this.store),
      },
      configuration,
      statements: recorded.statements,
      figures: recorded.figures,
      ...(clocks
        ? {
            clocks: {
              clock_hosts: [...clocks.clock_hosts],
              clock_keys: [...clocks.clock_keys],
              clock_leads: [...clocks.clock_leads],
              clock_unknown: clocks.clock_unknown,
              ...(clocks.clock_others && { clock_others: [...clocks.clock_others] }),
              ...(clocks.clock_doubts && { clock_doubts: [...clocks.clock_doubts] }),
            },
          }
        : {}),
      values,
      signing_key: describedKey(this.options.signingKey),
    };
    const text = manifestText(manifest);
    const signature = this.options.signingKey ? signatureOf(text, this.options.signingKey).toString('base64') : '';
    const head: Omit<IssuedHead, 'signed'> = {
      sequence,
      id,
      series,
      revision,
      issuedAt: now,
      from: filter.from,
      to: filter.to,
      tz,
      summary: {
        filters: manifest.report.filters,
        clock: clock ?? 'raw',
        clauses: clauses.map(({ name }) => name),
        coverage: document.report.coverage,
        inputs: inputs.length,
        formats: Object.keys(documents) as DocumentFormat[],
        previous: last?.id ?? null,
        changed: changes && {
          figures: changes.figures.length + changes.more_figures,
          inputs: changes.inputs.length,
        },
      },
      manifestSha256: sha256Of(text),
    };
    const report: NewReport = { ...head, documents, manifest: text, signature };
    await IssuedReportRepository.add(this.store, report);
    return { head: { ...head, signed: signature !== '' }, isNew: true, changes };
  }

  private async manifestOf(id: string): Promise<Manifest> {
    const stored = await this.reports.manifest(id);
    const { manifest, problem } = readManifest(stored?.text ?? '');
    if (manifest && problem === undefined) return manifest;
    throw new Error(`the manifest of ${id} in the store ${problem}: see hoptime verify ${id}`);
  }
}

/** Names all revisions of a report: what it is about. */
export function seriesOf({ filter, timeZone, clauses, clock = 'raw' }: ReportQuestion): string {
  const filters = Object.entries(givenFilters(filter)).map(([name, values]) => [name, [...values].sort()]);
  const about = [filter.from, filter.to, timeZone, filters, clauses, ...(clock === 'raw' ? [] : [clock])];
  return sha256Of(JSON.stringify(about)).slice(0, 12);
}

/** What the journeys of a store were made with besides the events, by name. */
export async function configurationOf(store: Store): Promise<Manifest['configuration']> {
  const parameters = await parametersOfJourneys(store);
  if (!parameters) return null;
  const { pseudonyms } = store;
  const key = pseudonyms ? [{ name: PSEUDONYM_KEY, texts: [pseudonyms.fingerprint], numbers: [] }] : [];
  return [...parameters.values(), ...key]
    .map(({ name, texts, numbers }) => ({ name, texts: [...texts], numbers: [...numbers] }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function schemaOf(store: Store): Promise<Manifest['versions']['schema']> {
  const all = await migrations(store);
  return {
    migration: all.at(-1)?.name ?? '',
    sha256: sha256Of(all.map(({ name, sha256 }) => `${name} ${sha256}\n`).join('')),
  };
}

const bytesOf = (format: string, text: string): Buffer => Buffer.from(text, format === 'pdf' ? 'base64' : 'utf8');

const describedBytes = (bytes: Buffer): { sha256: string; size_bytes: number } => ({
  sha256: sha256Of(bytes),
  size_bytes: bytes.length,
});

const describedKey = (key: SigningKey | undefined): Manifest['signing_key'] =>
  key ? { algorithm: 'Ed25519', fingerprint: key.publicKey.fingerprint, public_key: key.publicKey.pem } : null;

type Compared = Pick<Manifest, 'inputs' | 'values' | 'configuration'>;

function changesBetween(before: Compared, after: Compared): Changes {
  const figures = differingFigures(new Map(Object.entries(before.values)), new Map(Object.entries(after.values)));
  return {
    ...shownFigures(figures),
    inputs: changedInputs(before.inputs, after.inputs),
    configuration: changedParameters(before.configuration, after.configuration),
  };
}

/**
 * An input that has grown since, and may be the same in its beginning: what it was is all in it, as far as counts can say. Whether the bytes are
 * the same is for `input-files.ts` to say.
 */
export const hasGrown = (before: ManifestInput, after: ManifestInput): boolean =>
  before.followed === true &&
  (after.size_bytes ?? 0) > (before.size_bytes ?? 0) &&
  after.records >= before.records &&
  after.events >= before.events;

/** Inputs that are there now and were not, or the other way round, or are another file under the same name. One that has grown is none of them. */
export function changedInputs(before: readonly ManifestInput[], after: readonly ManifestInput[]): Changes['inputs'] {
  const was = new Map(before.map((input) => [input.input_id, input]));
  const is = new Map(after.map((input) => [input.input_id, input]));
  const content = ({ sha256, records, events, state }: ManifestInput): string =>
    [sha256, records, events, state].join(' ');
  return [
    ...after.filter(({ input_id }) => !was.has(input_id)).map(({ path }) => ({ path, change: 'new' as const })),
    ...before.filter(({ input_id }) => !is.has(input_id)).map(({ path }) => ({ path, change: 'gone' as const })),
    ...after
      .filter((input) => {
        const earlier = was.get(input.input_id);
        return earlier && content(earlier) !== content(input) && !hasGrown(earlier, input);
      })
      .map(({ path }) => ({ path, change: 'other content' as const })),
  ];
}

/** Names of parameters that are not the same in both. */
export function changedParameters(before: Manifest['configuration'], after: Manifest['configuration']): string[] {
  const texts = (all: Manifest['configuration']): Map<string, string> =>
    new Map((all ?? []).map((parameter) => [parameter.name, JSON.stringify(parameter)]));
  const [was, is] = [texts(before), texts(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
}

// Other settings that change no figure are no reason for another revision.
const hasAny = ({ figures, inputs }: Changes): boolean => figures.length > 0 || inputs.length > 0;
