import { searchPath, type Config } from '../../libs/config/config';
import { packageVersion } from '../../libs/config/package-root';
import type { ReportQuestion } from '../../libs/report/issued/computed-report';
import { MANIFEST_SUFFIX, SIGNATURE_SUFFIX } from '../../libs/report/issued/given-report';
import type { IssueResult } from '../../libs/report/issued/issue.service';
import { IssuedReportRepository, type IssuedHead } from '../../libs/report/issued/issued-report.repository';
import type { DocumentFormat } from '../../libs/report/issued/manifest';
import { signingKeyOf } from '../../libs/report/issued/signing-key';
import { pdfOf } from '../../libs/report/pdf';
import type { Store } from '../../libs/store/store';
import { UsageError } from './failure';
import { writeOutput } from './output';
import { ingestInto } from './store.command';

/** Prints a report by an installed Chromium. @throws NoPdfError */
export const printed = (html: string): Promise<Buffer> => pdfOf(html, searchPath(), process.getuid?.() === 0);

/** Issues a report in the turn of those who change the store, with the journeys up to date. */
export async function issueReport(
  store: Store,
  config: Config,
  question: ReportQuestion,
  asPdf: boolean,
): Promise<IssueResult> {
  const { IssueService } = await import('../../libs/report/issued/issue.service.js');
  const { verdictThresholdMs } = config;
  const signingKey = signingKeyOf(config.reportSigningKey);
  const options = { version: packageVersion(), verdictThresholdMs, signingKey, print: asPdf ? printed : undefined };
  return store.inTurn(async () => {
    await (await ingestInto(store, config)).catchUp();
    return new IssueService(store, options).issue(question, Date.now());
  });
}

/** Writes a document of an issued report with its manifest and signature beside it; answers the names of the files. */
export async function writeIssued(
  store: Store,
  { id, summary }: IssuedHead,
  format: DocumentFormat,
  output: string,
): Promise<string[]> {
  const reports = new IssuedReportRepository(store);
  const document = await reports.document(id, format);
  if (!document && summary.formats.includes(format))
    throw new Error(`${id} is kept without its documents: they named an address that was erased`);
  if (!document)
    throw new UsageError(
      `${id} was not issued as ${format}: choose --format ${summary.formats.join(' or ')}, of which its manifest has the hash`,
    );
  const stored = await reports.manifest(id);
  const files: [string, string | Uint8Array][] = [[output, document]];
  if (stored) files.push([`${output}${MANIFEST_SUFFIX}`, stored.text]);
  if (stored?.signature)
    files.push([`${output}${MANIFEST_SUFFIX}${SIGNATURE_SUFFIX}`, Buffer.from(stored.signature, 'base64')]);
  for (const [path, content] of files) await writeOutput(path, content);
  return files.map(([path]) => path);
}
