import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AskerGoneError } from '../store/asker';
import { codeOf } from '../store/clickhouse-error';
import { PoolFullError, QueryLimitError } from '../store/query-pool';
import { ProblemError } from './problem-error';

/** Where failures of the server are told; personal data never reaches it. */
export type LogFailure = (line: string) => void;

/** Every failure becomes a problem document. What the client cannot know (a bug, a full disk) is logged under the id that the document names. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: LogFailure) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = problemOf(isCutOff(request, error) ? new AskerGoneError() : error);
    if (problem.status >= 500 && problem.status !== 503 && problem.status !== 501)
      this.log(failureLine(request, error));
    if (reply.sent || reply.raw.headersSent) return;
    if (problem.parts.retryAfter !== undefined) void reply.header('retry-after', String(problem.parts.retryAfter));
    // The rest of a body that was refused is not read: no other request may come over this connection.
    if (problem.status === 413) void reply.header('connection', 'close');
    void reply
      .status(problem.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(problem.document(request.id)));
  }
}

/** An error as the problem that a client is told. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof PoolFullError) {
    return new ProblemError(503, 'Too many questions are being answered: ask again in a moment.', {
      retryAfter: error.retryAfterSeconds,
    });
  }
  if (error instanceof QueryLimitError) {
    return new ProblemError(
      422,
      `The question was cut off because it took too much ${error.limit}: narrow the range or add a filter.`,
    );
  }
  // Nobody reads it.
  if (error instanceof AskerGoneError) return new ProblemError(408, 'The connection was closed before the answer.');
  if (error instanceof HttpException) return new ProblemError(error.getStatus(), ofHttp(error));
  const status = statusOf(error);
  if (status !== undefined) return new ProblemError(status, (error as Error).message);
  return new ProblemError(500, 'The server failed; its log says more under the instance given here.');
}

function ofHttp(error: HttpException): string {
  return error.getStatus() === 404 ? 'There is nothing at this address; /api/docs lists what there is.' : error.message;
}

/** Fastify's own errors carry the status: a body that is too large, a path that cannot be decoded. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}

/** The client went away in the middle of its body. */
const isCutOff = ({ raw }: FastifyRequest, error: unknown): boolean =>
  raw.readableAborted && (error as NodeJS.ErrnoException | undefined)?.code === 'ECONNRESET';

/** Route, kind and place of a failure. No message: the engine repeats values in its own, and addresses stand in a path. */
function failureLine(request: FastifyRequest, error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  const code = codeOf(error) ?? (error instanceof Error && 'code' in error ? String(error.code) : undefined);
  const frames = (error instanceof Error ? (error.stack ?? '') : '').split('\n').filter((line) => /^\s+at /.test(line));
  const route = request.routeOptions?.url ?? 'no route';
  return [`${request.id} ${request.method} ${route} failed: ${name}${code === undefined ? '' : ` (code ${code})`}`]
    .concat(frames.slice(0, 6))
    .join('\n');
}
