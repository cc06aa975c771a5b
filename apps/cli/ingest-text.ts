import { countText, counted } from '../../libs/delay/duration-text';
import { FILTER_CHOICES } from '../../libs/delay/journey-filter';
import { printable, textTable } from '../../libs/delay/text-table';
import type { FileReport, IngestReport } from '../../libs/ingest/ingest-report';
import { ZONE_REMEDY } from '../../libs/ingest/zone-check';

const MOST_FILES = 20;
const MOST_NOTES = 40;

/** What `ingest` and `replay` answer to people: the books of each file, what was rejected, and where to go on. */
export function ingestText(report: IngestReport): string {
  if (report.files.length === 0) return 'Nothing to read.\n';
  const rejects = shortened(report.files.flatMap(rejectsOf));
  return [booksOf(report), linesOf(rejects), journeysOf(report.journeys)].filter(Boolean).join('\n');
}

/** What is wrong with the files, for standard error: one line each, and what mends a wrong zone once. '' when all is well. */
export function ingestWarnings({ files }: IngestReport): string {
  const warnings = shortened(files.flatMap(warningsOf));
  const zones = files.some((file) => file.warnings.some((warning) => warning.endsWith(ZONE_REMEDY)));
  return linesOf(zones ? [...warnings, ZONE_REMEDY] : warnings);
}

const linesOf = (lines: readonly string[]): string => lines.map((line) => `${printable(line)}\n`).join('');

function shortened(lines: readonly string[]): string[] {
  if (lines.length <= MOST_NOTES) return [...lines];
  return [
    ...lines.slice(0, MOST_NOTES),
    `… and ${countText(lines.length - MOST_NOTES)} more: --json tells all of them`,
  ];
}

function booksOf({ files, totals }: IngestReport): string {
  const row = (name: string, format: string, f: Omit<IngestReport['totals'], 'files'>): string[] => [
    name,
    format,
    ...[f.records, f.parsed, f.skipped, f.rejected, f.events].map(countText),
  ];
  const shown = files.slice(0, MOST_FILES).map((file) => row(file.path, file.format ?? 'not read', file));
  if (files.length > MOST_FILES) shown.push([`… and ${countText(files.length - MOST_FILES)} more`]);
  if (files.length > 1) shown.push(row(`total of ${counted(totals.files, 'file')}`, '', totals));
  const columns = ['records', 'parsed', 'skipped', 'rejected', 'events'].map((title) => ({
    title,
    align: 'right' as const,
  }));
  return textTable([{ title: 'file' }, { title: 'format' }, ...columns], shown);
}

function warningsOf(file: FileReport): string[] {
  return [
    ...(file.problem ? [`PROBLEM ${file.path}: ${file.problem}`] : []),
    ...file.warnings.map((warning) => `WARNING ${file.path}: ${warning.replace(` ${ZONE_REMEDY}`, '')}`),
  ];
}

function rejectsOf(file: FileReport): string[] {
  return file.rejectedReasons
    .slice(0, 3)
    .map(
      ({ reason, count, firstLine }) =>
        `REJECTED ${file.path}:${firstLine}: ${reason} (${counted(count, 'record')}; all: hoptime rejected)`,
    );
}

/** `20 journeys in the store: 18 complete, 1 in flight, 1 bounced.`, in the order of delay model §3, and the next command. */
export function journeysOf({ total, ...states }: IngestReport['journeys']): string {
  if (total === 0) return 'No journey in the store yet.\n';
  const order = FILTER_CHOICES.state ?? [];
  const list = Object.entries(states)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([state, count]) => `${countText(count)} ${state.replace('_', ' ')}`);
  return `${counted(total, 'journey')} in the store: ${list.join(', ')}.\nNext: npx hoptime report\n`;
}

/** The document of `ingest --json`, interfaces.md §3, with the names of the contract. */
export function ingestDocument({ files, totals, journeys }: IngestReport): unknown {
  return {
    files: files.map(({ inputId, rejectedReasons, problem, content, ...file }) => ({
      ...file,
      sha256: content?.sha256 ?? null,
      input_id: inputId,
      problem: problem ?? null,
      rejected_reasons: rejectedReasons.map(({ reason, count, firstLine }) => ({
        reason,
        count,
        first_line: firstLine,
      })),
    })),
    totals,
    journeys,
  };
}
