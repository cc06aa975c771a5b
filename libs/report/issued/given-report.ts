import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { IssuedReportRepository } from './issued-report.repository';
import { DOCUMENT_FORMATS, type DocumentFormat } from './manifest';

export const MANIFEST_SUFFIX = '.manifest.json';
export const SIGNATURE_SUFFIX = '.sig';

/** A report as somebody hands it over for verification. */
export interface GivenReport {
  /** the manifest's file, or the store */
  readonly manifestName: string;
  readonly manifest: string;
  readonly signature: Buffer | undefined;
  readonly documents: readonly { readonly name: string; readonly format: DocumentFormat; readonly bytes: Buffer }[];
}

/** The report, or why there is none, as a sentence. */
export type Found = GivenReport | { readonly problem: string };

/** A report from files: FILE with `FILE.manifest.json` beside it, or the manifest itself, and the signature `….sig` where there is one. */
export async function reportOfFiles(path: string): Promise<Found> {
  const isManifest = path.endsWith(MANIFEST_SUFFIX);
  const manifestName = isManifest ? path : `${path}${MANIFEST_SUFFIX}`;
  const reportName = isManifest ? path.slice(0, -MANIFEST_SUFFIX.length) : path;
  if (!existsSync(manifestName))
    return { problem: `${manifestName} is not there: a report is verified by the manifest that was issued with it` };
  const signatureName = `${manifestName}${SIGNATURE_SUFFIX}`;
  const bytes = existsSync(reportName) ? await readFile(reportName) : undefined;
  return {
    manifestName,
    manifest: await readFile(manifestName, 'utf8'),
    signature: existsSync(signatureName) ? await readFile(signatureName) : undefined,
    documents: bytes ? [{ name: reportName, format: formatOf(reportName, bytes), bytes }] : [],
  };
}

/** A report as the store keeps it. */
export async function reportOfStore(reports: IssuedReportRepository, id: string): Promise<Found> {
  const stored = await reports.manifest(id);
  if (!stored) return { problem: `there is neither a file nor an issued report ${id}: hoptime reports lists them` };
  const { text: manifest, signature } = stored;
  return {
    manifestName: id,
    manifest,
    signature: signature === '' ? undefined : Buffer.from(signature, 'base64'),
    documents: [],
  };
}

function formatOf(name: string, bytes: Buffer): DocumentFormat {
  const byName = DOCUMENT_FORMATS.find((format) => extname(name).toLowerCase() === `.${format}`);
  if (byName) return byName;
  const start = bytes.subarray(0, 100).toString('latin1').trimStart();
  if (start.startsWith('%PDF')) return 'pdf';
  if (start.startsWith('{')) return 'json';
  return start.startsWith('<') ? 'html' : 'csv';
}
