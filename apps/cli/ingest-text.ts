import { countText, counted } from '../../libs/delay/duration-text';
import { printable, textTable } from '../../libs/delay/text-table';
import type { FileReport, IngestReport } from '../../libs/ingest/ingest-report';

const MOST_FILES = 20;
const MOST_NOTES = 40;

/** What `ingest` and `replay` say to people: the books of each file, what is wrong and what to do, and where to go on. */
export function ingestText(report: IngestReport): string {
  if (report.files.length === 0) return 'Nothing to read.\n';
  const all = report.files.flatMap(notesOf);
  const notes = all.slice(0, MOST_NOTES);
  if (all.length > MOST_NOTES) notes.push(`… and ${countText(all.length - MOST_NOTES)} more: --json tells all of them`);
  return [
    booksOf(report),
    notes.length > 0 ? `${notes.map((note) => `${printable(note)}\n`).join('')}` : '',
    journeysOf(report.journeys),
  ]
    .filter(Boolean)
    .join('\n');
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

function notesOf(file: FileReport): string[] {
  return [
    ...(file.problem ? [`PROBLEM ${file.path}: ${file.problem}`] : []),
    ...file.warnings.map((warning) => `WARNING ${file.path}: ${warning}`),
    ...file.rejectedReasons
      .slice(0, 3)
      .map(
        ({ reason, count, firstLine }) =>
          `REJECTED ${file.path}:${firstLine}: ${reason} (${counted(count, 'record')}; all: hoptime rejected)`,
      ),
  ];
}

/** `20 journeys in the store: 18 complete, 1 in flight, 1 bounced.` and the next command. */
export function journeysOf({ total, ...states }: IngestReport['journeys']): string {
  if (total === 0) return 'No journey in the store yet.\n';
  const list = Object.entries(states)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${countText(count)} ${state.replace('_', ' ')}`);
  return `${counted(total, 'journey')} in the store: ${list.join(', ')}.\nNext: npx hoptime report\n`;
}

/** The document of `ingest --json`, interfaces.md §3, with the names of the contract. */
export function ingestDocument({ files, totals, journeys }: IngestReport): unknown {
  return {
    files: files.map(({ inputId, rejectedReasons, problem, ...file }) => ({
      ...file,
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
