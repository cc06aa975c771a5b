import type { Clock } from '../../delay/clocks/clock.service';
import type { Coverage } from '../../delay/report';
import type { Store } from '../../store/store';
import type { DocumentFormat } from './manifest';

/** What lists show of an issued report besides its name and period. */
export interface Summary {
  readonly filters: Readonly<Record<string, readonly string[]>>;
  /** names of the clauses */
  readonly clauses: readonly string[];
  /** raw where it is left out, as of reports before there was a choice */
  readonly clock?: Clock;
  readonly coverage: Coverage;
  readonly inputs: number;
  readonly formats: readonly DocumentFormat[];
  /** id of the report issued before; null of the first */
  readonly previous: string | null;
  /** against the revision before; null of the first revision */
  readonly changed: { readonly figures: number; readonly inputs: number } | null;
}

/** An issued report without its documents. Times are epoch ms. */
export interface IssuedHead {
  readonly sequence: number;
  readonly id: string;
  readonly series: string;
  readonly revision: number;
  readonly issuedAt: number;
  readonly from: number;
  readonly to: number;
  readonly tz: string;
  readonly summary: Summary;
  readonly manifestSha256: string;
  readonly signed: boolean;
}

export interface StoredManifest {
  readonly sequence: number;
  readonly id: string;
  readonly text: string;
  /** as it was when it was stored */
  readonly sha256: string;
  /** base64; '' = not signed */
  readonly signature: string;
}

/** A report to be stored, whole. */
export interface NewReport extends Omit<IssuedHead, 'signed'> {
  /** a PDF in base64 */
  readonly documents: Readonly<Partial<Record<DocumentFormat, string>>>;
  readonly manifest: string;
  readonly signature: string;
}

interface HeadRow {
  sequence: number;
  report_id: string;
  series: string;
  revision: number;
  issued_ms: number;
  from_ms: number;
  to_ms: number;
  tz: string;
  summary: string;
  manifest_sha256: string;
  signed: number;
}

/** So many manifests are in memory at a time. */
const PAGE = 50;
const MOST = 1000;

/** Issued reports in the store. They are added, never changed. */
export class IssuedReportRepository {
  constructor(private readonly reader: Pick<Store, 'rows'>) {}

  /** The newest first. */
  async list(limit = MOST): Promise<IssuedHead[]> {
    return this.heads({ limit });
  }

  async find(id: string): Promise<IssuedHead | undefined> {
    return (await this.heads({ report_id: id, limit: 1 }))[0];
  }

  /** The newest revision of a series. */
  async latest(series: string): Promise<IssuedHead | undefined> {
    return (await this.heads({ series, limit: 1 }))[0];
  }

  /** A document as it was issued; undefined where the report is not known, or was not issued in this format. */
  async document(id: string, format: DocumentFormat): Promise<Buffer | undefined> {
    const [row] = await this.reader.rows<{ document: string }>('queries/issued_document', { report_id: id, format });
    if (!row || row.document === '') return undefined;
    return Buffer.from(row.document, format === 'pdf' ? 'base64' : 'utf8');
  }

  async manifest(id: string): Promise<StoredManifest | undefined> {
    return (await this.manifests({ after: 0, report_id: id, limit: 1 }))[0];
  }

  /** All manifests in the order in which they were issued. */
  async *chain(): AsyncGenerator<StoredManifest, void, undefined> {
    for (let after = 0; ;) {
      const page = await this.manifests({ after, report_id: '', limit: PAGE });
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = last.sequence;
    }
  }

  /** Adds a report; call it in the turn of those who change the store. */
  static async add(store: Store, report: NewReport): Promise<void> {
    const { id, issuedAt, from, to, manifestSha256, summary, ...same } = report;
    const row = {
      ...same,
      report_id: id,
      issued_ms: issuedAt,
      from_ms: from,
      to_ms: to,
      summary: JSON.stringify(summary),
      manifest_sha256: manifestSha256,
    };
    await store.insert('ingest/insert_issued_report', `${JSON.stringify(row)}\n`);
  }

  private async heads(parameters: { series?: string; report_id?: string; limit: number }): Promise<IssuedHead[]> {
    const rows = await this.reader.rows<HeadRow>('queries/issued_reports', {
      series: '',
      report_id: '',
      ...parameters,
    });
    return rows.map(({ report_id, issued_ms, from_ms, to_ms, summary, manifest_sha256, signed, ...row }) => ({
      ...row,
      id: report_id,
      issuedAt: issued_ms,
      from: from_ms,
      to: to_ms,
      summary: JSON.parse(summary) as Summary,
      manifestSha256: manifest_sha256,
      signed: Boolean(signed),
    }));
  }

  private async manifests(parameters: { after: number; report_id: string; limit: number }): Promise<StoredManifest[]> {
    const rows = await this.reader.rows<
      Record<'report_id' | 'manifest' | 'manifest_sha256' | 'signature', string> & { sequence: number }
    >('queries/issued_manifests', parameters);
    return rows.map(({ sequence, report_id, manifest, manifest_sha256, signature }) => ({
      sequence,
      id: report_id,
      text: manifest,
      sha256: manifest_sha256,
      signature,
    }));
  }
}
