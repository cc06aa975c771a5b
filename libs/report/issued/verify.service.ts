import { packageVersion } from '../../config/package-root';
import type { InputFile } from '../../sources/readers/input-file';
import type { Store } from '../../store/store';
import { computeReport, type ReportQuestion } from './computed-report';
import { figuresOf, issuedJson } from './figures';
import { inFreshStore } from './fresh-store';
import type { GivenReport } from './given-report';
import { IssuedReportRepository } from './issued-report.repository';
import { configurationOf, PSEUDONYM_KEY } from './issue.service';
import { readManifest, sha256Of, type DocumentFormat, type Manifest, type ManifestInput } from './manifest';
import { RecordedRows } from './recorded-rows';
import { isSignatureOf, publicKeyFrom, SigningKeyError, type PublicKey } from './signing-key';
import { Findings, type Verification } from './verification';
import { filesOfInputs, lookAtInputs } from './verify-inputs';

const NOW = { version: '', now: 0, verdictThresholdMs: 0 };

export interface StoreOptions {
  /** the public key that the signature must be of; without, the one that the manifest names */
  readonly trusted?: PublicKey;
  /** told before each file is hashed, and before it is read */
  readonly onFile?: (path: string, doing: 'hashing' | 'reading') => void;
}

/**
 * Verifies an issued report against the store: its bytes and its signature, what the store keeps of it, the chain of all reports, its inputs,
 * and every figure, which is computed again. Input files are looked at where they
 * still lie.
 */
export async function verifyAgainstStore(
  given: GivenReport,
  store: Store,
  { trusted, onFile }: StoreOptions = {},
): Promise<Verification> {
  const findings = new Findings('store');
  const manifest = checkBytes(findings, given, trusted);
  if (!manifest) return findings.verification(null);
  // Nobody changes the store meanwhile; files are read afterwards, when others may.
  const inputs = await store.inTurn(() => checkStore(findings, given, manifest, store));
  await lookAtInputs(findings, manifest.inputs, inputs, store, (path) => onFile?.(path, 'hashing'));
  return findings.verification(manifest.report);
}

/** What the store keeps, the chain, and every figure; answers the inputs as they are now. */
async function checkStore(
  findings: Findings,
  given: GivenReport,
  manifest: Manifest,
  store: Store,
): Promise<readonly ManifestInput[]> {
  const reports = new IssuedReportRepository(store);
  await checkStored(findings, given, manifest, reports);
  await checkChain(findings, manifest, reports);
  const recorded = new RecordedRows(store);
  const lines = linesOfFollowed(manifest);
  const { document, inputs } = await computeReport(recorded, questionOf(manifest), NOW, lines);
  findings.clocks(manifest, recorded.clocks);
  findings.inputsOfStore(manifest, inputs);
  findings.configuration(manifest, await configurationOf(store));
  findings.figures(manifest, figuresOf(issuedJson(document)), packageVersion());
  return inputs;
}

export interface InputsOptions extends StoreOptions {
  /** what addresses were replaced with; '' = they were not */
  readonly pseudonymKey?: string;
}

/**
 * Verifies an issued report by its input files alone, in a fresh temporary store, as another machine does. Files are told apart by their hash,
 * then by their name; where they lie does not matter.
 * @param files what was given for the inputs
 */
export async function verifyAgainstInputs(
  given: GivenReport,
  files: readonly InputFile[],
  { trusted, pseudonymKey = '', onFile }: InputsOptions = {},
): Promise<Verification> {
  const findings = new Findings('inputs');
  const manifest = checkBytes(findings, given, trusted);
  if (!manifest) return findings.verification(null);
  const { previous } = manifest;
  findings.note('chain', previous ? `follows ${previous.id}; that report is in the store` : 'the first of its store');
  const inputs = await filesOfInputs(findings, manifest.inputs, files, (path) => onFile?.(path, 'hashing'));
  await inFreshStore(
    inputs,
    { configuration: manifest.configuration, pseudonymKey },
    async (store, reports) => {
      for (const { path, problem } of reports) if (problem !== undefined) findings.note('input', `${path}: ${problem}`);
      const key = manifest.configuration?.find(({ name }) => name === PSEUDONYM_KEY)?.texts[0];
      if (key !== store.pseudonyms?.fingerprint)
        findings.note(
          'input',
          'addresses were replaced with another key: set PSEUDONYM_KEY as it was, or figures differ',
        );
      const recorded = new RecordedRows(store);
      const { document } = await computeReport(recorded, questionOf(manifest), NOW);
      findings.clocks(manifest, recorded.clocks);
      findings.figures(manifest, figuresOf(issuedJson(document)), packageVersion());
    },
    (path) => onFile?.(path, 'reading'),
  );
  return findings.verification(manifest.report);
}

/** Manifest, signature and documents byte by byte; undefined where the manifest says nothing that can be held against anything. */
function checkBytes(
  findings: Findings,
  { manifestName, manifest: text, signature, documents }: GivenReport,
  trusted: PublicKey | undefined,
): Manifest | undefined {
  const { manifest, problem } = readManifest(text);
  if (problem !== undefined) findings.differs('manifest', manifestName, problem);
  else findings.note('manifest', 'every byte as it was written');
  if (!manifest) return undefined;
  checkSignature(findings, manifestName, text, signature, manifest.signing_key, trusted);
  for (const { name, format, bytes } of documents) checkDocument(findings, manifest, name, format, bytes);
  if (documents.length === 0) findings.note('report', 'no document was given, the manifest alone');
  return manifest;
}

function checkSignature(
  findings: Findings,
  name: string,
  text: string,
  signature: Buffer | undefined,
  named: Manifest['signing_key'],
  trusted: PublicKey | undefined,
): void {
  const fails = (problem: string): void => findings.differs('signature', name, problem);
  if (!named && !signature && !trusted) return findings.note('signature', 'not signed');
  if (!named) return fails(trusted ? 'is not signed' : 'has a signature and names no key');
  if (!signature) return fails(`says that it is signed, and its signature (${name}.sig) is missing`);
  try {
    const key = trusted ?? publicKeyFrom(named.public_key, 'the key in the manifest');
    if (trusted && trusted.fingerprint !== named.fingerprint)
      fails(`names another key (${named.fingerprint}) than the one given (${trusted.fingerprint})`);
    if (!isSignatureOf(text, signature, key)) return fails('has a signature that is not of this manifest and key');
    const whose = trusted
      ? 'the key given'
      : 'the key that the manifest names; compare it with the one you trust (--key)';
    findings.note('signature', `good, Ed25519, by ${whose}: ${key.fingerprint}`);
  } catch (error) {
    if (!(error instanceof SigningKeyError)) throw error;
    fails(error.message);
  }
}

function checkDocument(
  findings: Findings,
  manifest: Manifest,
  name: string,
  format: DocumentFormat,
  bytes: Buffer,
): void {
  const issued = manifest.documents[format]?.sha256;
  const found = sha256Of(bytes);
  if (issued === undefined)
    return findings.differs('report', name, `is no document of this report: it was not issued as ${format}`);
  if (issued === found) findings.note('report', `${name}: every byte as it was issued`);
  else findings.differs('report', name, 'is not as it was issued', { issued, found });
}

/** What the store keeps of the report is what was handed over. */
async function checkStored(
  findings: Findings,
  given: GivenReport,
  { report, documents }: Manifest,
  reports: IssuedReportRepository,
): Promise<void> {
  const stored = await reports.manifest(report.id);
  if (!stored) return findings.differs('store', report.id, 'was not issued by this store, or is gone from it');
  if (stored.text !== given.manifest)
    findings.differs('store', 'manifest', 'of the store is not the one given', {
      issued: sha256Of(given.manifest),
      found: sha256Of(stored.text),
    });
  if (stored.signature !== (given.signature?.toString('base64') ?? ''))
    findings.differs('store', 'signature', 'of the store is not the one given');
  for (const [format, { sha256 }] of Object.entries(documents)) {
    const document = await reports.document(report.id, format as DocumentFormat);
    if (!document) {
      findings.differs('store', format, 'is gone from the store');
      continue;
    }
    const found = sha256Of(document);
    if (found !== sha256)
      findings.differs('store', format, 'of the store is not as it was issued', { issued: sha256, found });
  }
  findings.note('store', `keeps the manifest and ${Object.keys(documents).join(', ')} of this report`);
}

/** Each report of the store names the hash of the one before it; the first names none. */
async function checkChain(findings: Findings, own: Manifest, reports: IssuedReportRepository): Promise<void> {
  let before: { id: string; sha256: string; sequence: number } | undefined;
  let length = 0;
  for await (const { id, text, sha256, sequence } of reports.chain()) {
    length++;
    const { manifest, problem } = readManifest(text);
    if (problem !== undefined) findings.differs('chain', id, `has a manifest that ${problem}`);
    else if (sha256Of(text) !== sha256) findings.differs('chain', id, 'has another manifest than it was stored with');
    if (sequence !== (before?.sequence ?? 0) + 1)
      findings.differs('chain', id, 'does not follow: reports before it are gone');
    else if (manifest && (manifest.previous?.manifest_sha256 ?? '') !== (before?.sha256 ?? ''))
      findings.differs('chain', id, `names another report before it than ${before?.id ?? 'none'}`, {
        issued: manifest.previous?.manifest_sha256 ?? null,
        found: before?.sha256 ?? null,
      });
    before = { id, sha256: sha256Of(text), sequence };
  }
  findings.note('chain', `${own.previous ? `follows ${own.previous.id}` : 'the first'}; ${length} in the store`);
}

function questionOf({ report }: Manifest): ReportQuestion {
  const { from, to, tz, filters, clauses, clock } = report;
  return { filter: { ...filters, from: Date.parse(from), to: Date.parse(to) }, timeZone: tz, clauses, clock };
}

function linesOfFollowed({ inputs }: Manifest): Map<string, number> {
  const followed = inputs.filter((input) => input.followed);
  return new Map(followed.flatMap(({ input_id, lines }) => (lines === null ? [] : [[input_id, lines]])));
}
