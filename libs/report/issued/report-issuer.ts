import type { IngestService } from '../../ingest/ingest.service';
import type { Store } from '../../store/store';
import type { WriteTurn } from '../../store/write-turn';
import { pdfOf } from '../pdf';
import type { ReportQuestion } from './computed-report';
import { IssueService, type IssueOptions, type IssueResult } from './issue.service';

export interface IssuerParts {
  readonly store: Store;
  /** the turn of everything that changes this store */
  readonly turn: WriteTurn;
  readonly ingest: IngestService;
  readonly options: IssueOptions;
  /** value of PATH, for the browser that prints */
  readonly path: string;
}

/** Issues reports in a process that serves a store: one at a time, while nobody else writes. */
export class ReportIssuer {
  constructor(private readonly parts: IssuerParts) {}

  /** @param asPdf as a PDF too. @throws NoPdfError where no browser prints it */
  issue(question: ReportQuestion, asPdf = false): Promise<IssueResult> {
    return this.inTurn(() => this.issueInTurn(question, asPdf));
  }

  /** As {@link issue}, for who has the turn already. */
  async issueInTurn(question: ReportQuestion, asPdf = false): Promise<IssueResult> {
    const { ingest, store, options } = this.parts;
    await ingest.catchUp();
    const print = asPdf ? (html: string): Promise<Buffer> => this.print(html) : undefined;
    return new IssueService(store, { ...options, print }).issue(question, Date.now());
  }

  /** The turn in which reports are issued, of all processes of the store. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const { turn, store } = this.parts;
    return turn.run(() => store.inTurn(work));
  }

  /** Prints a report by an installed Chromium. @throws NoPdfError */
  print(html: string): Promise<Buffer> {
    return pdfOf(html, this.parts.path, process.getuid?.() === 0);
  }
}
