import { Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { monthBounds } from '../delay/sla/periods';
import { readClauses } from '../delay/sla/shipped';
import { IssuedReportRepository } from '../report/issued/issued-report.repository';
import { ReportIssuer } from '../report/issued/report-issuer';
import { shownHead } from '../report/issued/shown-head';
import { NoPdfError } from '../report/pdf';
import { QueryPool } from '../store/query-pool';
import type { IssueAnswer, IssuedReports } from './api-types';
import { shippedClauses } from './sla.controller';
import { Documented } from './documented';
import { ProblemError } from './problem-error';
import { badRequest, QueryPipe } from './query.pipe';
import { rangeQuestion } from './range-question';
import * as answers from './schemas/reports';
import { DocumentQuery, IssueQuery, ReportsQuery } from './schemas/requests';

type Format = z.output<typeof DocumentQuery>['format'];

const MEDIA: Readonly<Record<Format, string>> = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  manifest: 'application/json; charset=utf-8',
  signature: 'application/octet-stream',
};
const ENDINGS: Readonly<Partial<Record<Format, string>>> = {
  manifest: 'html.manifest.json',
  signature: 'html.manifest.json.sig',
};

/** Reports that are kept as they were issued. */
@ApiTags('reports')
@Controller('api/v1/reports')
export class ReportsController {
  private readonly reports: IssuedReportRepository;

  constructor(
    @Inject(QueryPool) pool: QueryPool,
    @Inject(ReportIssuer) private readonly issuer: ReportIssuer,
  ) {
    this.reports = new IssuedReportRepository(pool);
  }

  @Post()
  @HttpCode(200)
  @Documented({
    summary: 'Issues the report of a period, or its next revision where anything differs from the last one',
    query: IssueQuery,
    answer: answers.IssueAnswer,
  })
  async issue(@Query(new QueryPipe(IssueQuery)) query: z.output<typeof IssueQuery>): Promise<IssueAnswer> {
    const { clauses, month, from, to, pdf, ...rest } = query;
    const period = periodOf(month, from, to, rest.tz);
    const { filter, timeZone, clock } = rangeQuestion({ ...rest, ...period });
    const question = { filter, timeZone, clock, clauses: shippedClauses(clauses).flatMap(readClauses) };
    const { head, isNew } = await orNoPdf('pdf', () => this.issuer.issue(question, pdf));
    return { report: shownHead(head), issued: isNew };
  }

  @Get()
  @Documented({
    summary: 'The reports that were issued, the newest first',
    query: ReportsQuery,
    answer: answers.IssuedReports,
  })
  async list(@Query(new QueryPipe(ReportsQuery)) { limit }: z.output<typeof ReportsQuery>): Promise<IssuedReports> {
    return { reports: (await this.reports.list(limit)).map(shownHead) };
  }

  @Get(':id')
  @ApiParam({ name: 'id' })
  @Documented({
    summary: 'One issued report, byte by byte as it was issued, its manifest or its signature',
    query: DocumentQuery,
    media: 'application/octet-stream',
    problems: [404, 501],
  })
  async one(
    @Param('id') id: string,
    @Query(new QueryPipe(DocumentQuery)) { format }: z.output<typeof DocumentQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const content = await this.content(id, format);
    if (!content)
      throw new ProblemError(404, 'There is no such report, or not in this format: GET /api/v1/reports lists them.', {
        parameter: 'id',
      });
    const how = format === 'html' ? 'inline' : 'attachment';
    void reply.header('content-type', MEDIA[format]);
    void reply.header('content-disposition', `${how}; filename="report-${id}.${ENDINGS[format] ?? format}"`);
    return content;
  }

  private async content(id: string, format: Format): Promise<Buffer | undefined> {
    if (format === 'manifest' || format === 'signature') {
      const stored = await this.reports.manifest(id);
      if (!stored || (format === 'signature' && stored.signature === '')) return undefined;
      return format === 'manifest' ? Buffer.from(stored.text) : Buffer.from(stored.signature, 'base64');
    }
    const document = await this.reports.document(id, format);
    if (document || format !== 'pdf') return document;
    const html = await this.reports.document(id, 'html');
    return html && (await orNoPdf('format', () => this.issuer.print(html.toString())));
  }
}

/** What prints a PDF because a parameter asks for it. @throws ProblemError 501 where no browser does */
async function orNoPdf<T>(parameter: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NoPdfError) throw new ProblemError(501, `${error.message}.`, { parameter });
    throw error;
  }
}

function periodOf(
  month: string | undefined,
  from: number | undefined,
  to: number | undefined,
  tz: string,
): { from: number; to: number } {
  if (month !== undefined) {
    if (from === undefined && to === undefined) return monthBounds(month, tz);
    throw badRequest([{ parameter: 'month', detail: 'month says both bounds: leave out from and to' }]);
  }
  if (from !== undefined && to !== undefined) return { from, to };
  throw badRequest([{ parameter: 'month', detail: 'a report is issued for a period: month, or from and to' }]);
}
