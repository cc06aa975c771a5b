import { PLACE, type LeadParameters } from '../../delay/clocks/corrected-store';
import { counted, countText } from '../../delay/duration-text';
import { differingFigures, figuresOfNewer } from './figures';
import { changedInputs, changedParameters, hasGrown } from './issue.service';
import type { FigureValue, Manifest, ManifestInput } from './manifest';

/** What is compared, in the order in which it is told. */
export const ASPECTS = ['manifest', 'signature', 'report', 'store', 'chain', 'input', 'clock', 'figure'] as const;
export type Aspect = (typeof ASPECTS)[number];

/** One thing that is not as it was issued. */
export interface Difference {
  readonly what: Aspect;
  /** the figure, the input, the document, the report of the chain */
  readonly name: string;
  /** without a subject: `is missing` */
  readonly problem: string;
  readonly issued?: FigureValue;
  readonly found?: FigureValue;
}

/** What came of a verification. */
export interface Verification {
  readonly report: Manifest['report'] | null;
  /** what was compared with: the store, or the inputs alone */
  readonly against: 'store' | 'inputs';
  readonly equal: boolean;
  readonly differences: readonly Difference[];
  /** per aspect what was found right, or why it was not looked at; as sentences */
  readonly notes: Readonly<Partial<Record<Aspect, readonly string[]>>>;
}

/** So many files are named in a sentence. */
const MOST_NAMED = 5;

/** `a, b and 3 more` */
export function someOf(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** Gathers what a verification finds. */
export class Findings {
  readonly differences: Difference[] = [];
  private readonly notes: Partial<Record<Aspect, string[]>> = {};

  constructor(private readonly against: Verification['against']) {}

  note(what: Aspect, sentence: string): void {
    (this.notes[what] ??= []).push(sentence);
  }

  differs(what: Aspect, name: string, problem: string, values: Pick<Difference, 'issued' | 'found'> = {}): void {
    this.differences.push({ what, name, problem, ...values });
  }

  verification(report: Manifest['report'] | null): Verification {
    const { against, differences, notes } = this;
    return { report, against, equal: differences.length === 0, differences, notes };
  }

  /** Every figure as issued against what was computed anew. */
  figures(manifest: Manifest, computed: ReadonlyMap<string, FigureValue>, version: string): void {
    const issued = new Map(Object.entries(manifest.values));
    const newer = manifest.versions.hoptime === version ? new Set<string>() : figuresOfNewer(issued, computed);
    const different = differingFigures(issued, computed).filter(({ figure }) => !newer.has(figure));
    for (const { figure, before, after } of different) {
      const problem = !computed.has(figure)
        ? 'is not there any more'
        : issued.has(figure)
          ? 'is another value'
          : 'was not there';
      this.differs('figure', figure, problem, { issued: before, found: after });
    }
    if (newer.size > 0)
      this.note(
        'figure',
        `${counted(newer.size, 'figure')} that Hoptime ${manifest.versions.hoptime} did not know left aside`,
      );
    const equal = [...issued.keys()].length - different.filter(({ figure }) => issued.has(figure)).length;
    this.note('figure', `${countText(equal)} of ${counted(issued.size, 'figure')} computed again with the same value`);
  }

  /** The leads of the clocks that corrected figures rest on, as issued against what the transfers say now. */
  clocks({ clocks: issued }: Manifest, found: LeadParameters | undefined): void {
    if (!issued && !found) return;
    const [was, is] = [leadsByHost(issued), leadsByHost(found)];
    const names = [...new Set([...was.keys(), ...is.keys()])];
    for (const name of names.filter((each) => was.get(each) !== is.get(each)))
      this.differs('clock', name, 'has another lead at some time');
    const equal = names.filter((each) => was.get(each) === is.get(each)).length;
    this.note('clock', `leads of ${equal} of ${counted(was.size, 'clock')} computed again with the same values`);
  }

  /** The inputs of the store as they are now against those of the manifest. */
  inputsOfStore(manifest: Manifest, now: readonly ManifestInput[]): void {
    const found = new Map(now.map((input) => [input.path, input]));
    for (const { path, change } of changedInputs(manifest.inputs, now)) {
      const issued = manifest.inputs.find((input) => input.path === path)?.sha256 ?? null;
      const problem =
        change === 'new' ? 'came later' : change === 'gone' ? 'is not in the store any more' : 'is another';
      this.differs('input', path, problem, { issued, found: found.get(path)?.sha256 ?? null });
    }
    const after = new Map(now.map((input) => [input.input_id, input]));
    const grown = manifest.inputs.filter((input) => {
      const later = after.get(input.input_id);
      return later && hasGrown(input, later);
    });
    const unknown = manifest.inputs
      .filter(({ sha256 }) => sha256 === null)
      .map(({ path, unknown: why }) => (why === undefined ? path : `${path} (${why})`));
    this.note('input', `${counted(manifest.inputs.length, 'input')} fed the period`);
    if (grown.length > 0) this.note('input', `have grown since: ${someOf(grown.map(({ path }) => path))}`);
    if (unknown.length > 0) this.note('input', `their hash was not known at the time: ${someOf(unknown)}`);
  }

  /** That the journeys are made with other settings now explains differences, and is none by itself. */
  configuration(manifest: Manifest, now: Manifest['configuration']): void {
    const names = changedParameters(manifest.configuration, now);
    if (names.length > 0) this.note('store', `its journeys are made with other settings now: ${names.join(', ')}`);
  }
}

function leadsByHost(clocks: LeadParameters | undefined): Map<string, string> {
  if (!clocks) return new Map();
  const { clock_hosts, clock_keys, clock_leads, clock_others } = clocks;
  return new Map(
    clock_hosts.map((host, i) => {
      const own = clock_keys.flatMap((key, k) =>
        Math.floor(key / PLACE) === i + 1 ? [[key % PLACE, clock_leads[k], clock_others?.[k] ?? clock_leads[k]]] : [],
      );
      return [host, JSON.stringify(own)];
    }),
  );
}

const TITLES: Readonly<Record<Aspect, string>> = {
  manifest: 'Manifest',
  signature: 'Signature',
  report: 'Report',
  store: 'Store',
  chain: 'Chain',
  input: 'Inputs',
  clock: 'Clocks',
  figure: 'Figures',
};
const MOST_LINES = 50;

/** The verification for people: what was right, each difference, and one sentence in the end. */
export function verificationText({ report, against, equal, differences, notes }: Verification): string {
  const lines: string[] = [];
  if (report)
    lines.push(
      `Report ${report.id} of ${report.from} to ${report.to} (${report.tz}), revision ${report.revision}, issued at ${report.issued_at}`,
    );
  for (const what of ASPECTS) {
    const title = TITLES[what].padEnd(10);
    for (const sentence of notes[what] ?? []) lines.push(`${title} ${sentence}`);
    const own = differences.filter((difference) => difference.what === what);
    for (const { name, problem, issued, found } of own.slice(0, MOST_LINES)) {
      const values = issued === undefined ? '' : `: issued ${JSON.stringify(issued)}, now ${JSON.stringify(found)}`;
      lines.push(`DIFFERS    ${what} ${name} ${problem}${values}`);
    }
    if (own.length > MOST_LINES) lines.push(`DIFFERS    ${countText(own.length - MOST_LINES)} more (all: --json)`);
  }
  const from = against === 'store' ? 'the store' : 'the inputs alone';
  lines.push(equal ? `Equal: recomputed from ${from}.` : `Not equal: ${counted(differences.length, 'difference')}.`);
  return `${lines.join('\n')}\n`;
}
