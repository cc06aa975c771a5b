import { basename } from 'node:path';
import { counted, countText } from '../../delay/duration-text';
import { inputIdOf, shownInputId } from '../../ingest/input-id';
import type { IngestOptions } from '../../ingest/ingest-report';
import type { InputFile } from '../../sources/readers/input-file';
import { InputRepository } from '../../store/input.repository';
import type { Store } from '../../store/store';
import type { FreshInput } from './fresh-store';
import { fileAt, filesByHash, foundInstead, rotatedFrom } from './input-files';
import type { ManifestInput } from './manifest';
import { someOf, type Findings } from './verification';

const STANDARD_INPUT = '-';

/**
 * The file for each input of a manifest among those given, by its hash, else by its name, to be read as far as it fed the report. What lacks or is
 * another is a difference.
 * @param onFile told before each file that is hashed
 */
export async function filesOfInputs(
  findings: Findings,
  inputs: readonly ManifestInput[],
  files: readonly InputFile[],
  onFile?: (path: string) => void,
): Promise<FreshInput[]> {
  const byHash = await filesByHash(inputs, files, onFile);
  const used = new Set([...byHash.values()].map(({ path }) => path));
  const found = new Map(byHash);
  for (const input of inputs) {
    if (found.has(input)) continue;
    const [file] = files
      .filter(({ path }) => !used.has(path) && basename(path) === basename(input.path))
      .sort((a, b) => inCommon(b.path, input.path) - inCommon(a.path, input.path));
    if (!file) {
      findings.differs('input', input.path, 'is not among the files given', { issued: input.sha256, found: null });
      continue;
    }
    used.add(file.path);
    found.set(input, asMuchAs(input, file));
    if (input.sha256 !== null) await nameChange(findings, input, file);
  }
  findings.note('input', `${byHash.size} of ${inputs.length} by their hash`);
  const grown = [...byHash.values()].filter(({ textBytes }) => textBytes !== undefined);
  if (grown.length > 0)
    findings.note('input', `read up to where they were read for this report, since they have grown: ${namesOf(grown)}`);
  const unknown = [...found].filter(([{ sha256 }]) => sha256 === null).map(([, file]) => file);
  if (unknown.length > 0)
    findings.note('input', `by their names, since their hash was not known at the time: ${namesOf(unknown)}`);
  const others = files.filter(({ path }) => !used.has(path));
  if (others.length > 0) findings.note('input', `not read, since this report has no such input: ${namesOf(others)}`);
  return [...found].map(([{ options, modified_at }, file]) => ({
    file: modified_at === null ? file : { ...file, modifiedAt: Date.parse(modified_at) },
    options: JSON.parse(options) as IngestOptions,
  }));
}

const namesOf = (files: readonly InputFile[]): string => someOf(files.map(({ display }) => display));

/** What came behind the input is no part of it. */
const asMuchAs = ({ followed, size_bytes }: ManifestInput, file: InputFile): InputFile =>
  followed && size_bytes !== null ? { ...file, textBytes: size_bytes } : file;

/**
 * Looks at the files of inputs where they lie now: under their names, or under those that log rotation gave them. Bytes that are others than those
 * read are a difference; a file that is not there any more, or whose name another log has now, is only said.
 * @param now the inputs as the store has them now
 */
export async function lookAtInputs(
  findings: Findings,
  inputs: readonly ManifestInput[],
  now: readonly ManifestInput[],
  store: Store,
  onFile?: (path: string) => void,
): Promise<void> {
  const paths = new Map(now.map(({ input_id, path }) => [input_id, path]));
  const pathOf = ({ input_id, path }: ManifestInput): string => paths.get(input_id) ?? path;
  const known = inputs.filter(({ sha256 }) => sha256 !== null);
  const files = await filesAt(new Set(known.map(pathOf)));
  const found = await filesByHash(known, [...files.values()], onFile);
  const used = new Set([...found.values()].map(({ path }) => path));
  const beside = new Map<string, InputFile>();
  for (const input of known.filter((each) => !found.has(each) && pathOf(each) !== STANDARD_INPUT))
    for (const file of await rotatedFrom(pathOf(input))) if (!used.has(file.path)) beside.set(file.path, file);
  const missing = known.filter((input) => !found.has(input));
  const rotated = await filesByHash(missing, [...beside.values()], onFile);
  const gone: string[] = [];
  const replaced: string[] = [];
  for (const input of missing.filter((each) => !rotated.has(each))) {
    const file = files.get(pathOf(input));
    if (!file) gone.push(input.path === STANDARD_INPUT ? 'standard input' : input.path);
    else if (await isAnother(input, file, store)) replaced.push(file.path);
    else await nameChange(findings, input, file);
  }
  if (found.size > 0)
    findings.note(
      'input',
      `the files of ${found.size} of ${counted(known.length, 'input')} have the bytes that were read`,
    );
  if (rotated.size > 0)
    findings.note(
      'input',
      `rotated, with the bytes that were read: ${someOf([...rotated].map(([{ path }, file]) => `${path} is ${file.path} now`))}`,
    );
  if (replaced.length > 0)
    findings.note('input', `other logs have their names now, or their beginnings were changed: ${someOf(replaced)}`);
  if (gone.length > 0) findings.note('input', `not there any more, so their bytes were not compared: ${someOf(gone)}`);
}

async function filesAt(paths: ReadonlySet<string>): Promise<Map<string, InputFile>> {
  const files = new Map<string, InputFile>();
  for (const path of paths) {
    const file = path === STANDARD_INPUT ? undefined : await fileAt(path);
    if (file) files.set(path, file);
  }
  return files;
}

/** Whether the file under an input's name is another log, begun anew after a rotation, and not the input with other bytes. */
async function isAnother(input: ManifestInput, file: InputFile, store: Store): Promise<boolean> {
  const others = await new InputRepository(store).atPaths([file.path]);
  if (others.some(({ inputId }) => shownInputId(inputId) !== input.input_id)) return true;
  const own = others.map(({ inputId }) => inputId);
  if (shownInputId(await inputIdOf(file, own)) === input.input_id) return false;
  // The id of one that was renamed comes from the name that it had at first.
  return !input.followed || (file.sizeBytes ?? 0) < (input.size_bytes ?? 0);
}

async function nameChange(findings: Findings, input: ManifestInput, file: InputFile): Promise<void> {
  const { sha256: issued, size_bytes, followed } = input;
  const { sha256: found, shorter } = await foundInstead(input, file);
  const size = countText(size_bytes ?? 0);
  const problem = !followed
    ? `is another file (${file.display})`
    : shorter
      ? `is shorter than the ${size} bytes that were read of it (${file.display})`
      : `is another in its first ${size} bytes (${file.display})`;
  findings.differs('input', input.path, problem, { issued, found });
}

/** So many last parts of two paths are the same. */
function inCommon(one: string, other: string): number {
  const [a, b] = [one, other].map((path) => path.split('/').reverse());
  const differs = a.findIndex((part, index) => part !== b[index]);
  return differs < 0 ? a.length : differs;
}
