import { EnvHttpProxyAgent, fetch, type Dispatcher, type Response } from 'undici';
import { z } from 'zod';
import { LogApiError } from './log-api-error';
import { retryAfterMs } from './retry-after';

/** The two logs of mail tracking. */
export const TRAFFIC_TYPES = ['accepted_traffic', 'blocked_traffic'] as const;
export type TrafficType = (typeof TRAFFIC_TYPES)[number];

/** Records of a log between two times. */
export interface LogQuestion {
  readonly type: TrafficType;
  /** epoch ms */
  readonly start: number;
  readonly end: number;
  /** of the page before; '' for the first */
  readonly token: string;
}

export type LogRecord = Readonly<Record<string, unknown>>;

export interface LogPage {
  readonly records: readonly LogRecord[];
  /** '' on the last page */
  readonly nextToken: string;
}

export interface LogApiOptions {
  /** `https://api.tmes.trendmicro.com` */
  readonly root: string;
  readonly user: string;
  readonly key: string;
  /** ends all waiting */
  readonly signal: AbortSignal;
  /** takes one sentence about a failed attempt that is repeated */
  readonly onNote: (sentence: string) => void;
  readonly timing?: LogApiTiming;
}

/** Times in ms. */
export interface LogApiTiming {
  readonly attempts: number;
  /** doubled with each attempt */
  readonly firstPause: number;
  readonly longestPause: number;
  /** a `Retry-After` beyond this is not waited for */
  readonly longestRetryAfter: number;
  readonly answerTimeout: number;
}

/** Eight attempts take about two minutes. */
export const LOG_API_TIMING: LogApiTiming = {
  attempts: 8,
  firstPause: 1000,
  longestPause: 60_000,
  longestRetryAfter: 900_000,
  answerTimeout: 60_000,
};

/** Records per page: the API's own default, and so surely allowed. */
export const PAGE_RECORDS = 500;
const MOST_BYTES = 64 * 2 ** 20;
const PATH = '/api/v1/log/mailtrackinglog';

const Page = z.object({
  nextToken: z.string().nullish(),
  logs: z.array(z.record(z.string(), z.unknown())).nullish(),
});

/** One attempt that failed in passing, with the wait that the answer asks for. */
interface Passing {
  readonly problem: string;
  readonly waitMs: number | undefined;
}

/**
 * Trend Micro Email Security's REST log API, "List mail tracking logs" (formats.md §1.1). Failures that pass are repeated with growing pauses;
 * 429 and 503 are waited for as `Retry-After` says. Proxies are taken from HTTPS_PROXY and NO_PROXY.
 */
export class LogApi {
  private readonly dispatcher: Dispatcher = new EnvHttpProxyAgent();
  private readonly timing: LogApiTiming;
  /** requests sent, repeated ones too */
  requests = 0;

  constructor(private readonly options: LogApiOptions) {
    this.timing = options.timing ?? LOG_API_TIMING;
  }

  /** One page. @throws LogApiError when it cannot be had */
  async page(question: LogQuestion): Promise<LogPage> {
    const { attempts, longestRetryAfter } = this.timing;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.attempt(question);
      if (!('problem' in answer)) return answer;
      const pause = answer.waitMs ?? this.pauseAfter(attempt);
      if (attempt >= attempts || pause > longestRetryAfter) {
        const later = answer.waitMs === undefined ? '' : ` It asks to wait ${Math.ceil(answer.waitMs / 1000)} s.`;
        throw new LogApiError(
          `${answer.problem}, ${attempt} times.${later} What was collected is kept; run it again later`,
          true,
        );
      }
      this.options.onNote(`${answer.problem}; next attempt in ${Math.ceil(pause / 1000)} s`);
      await this.wait(pause);
    }
  }

  close(): Promise<void> {
    return this.dispatcher.close();
  }

  private async attempt(question: LogQuestion): Promise<LogPage | Passing> {
    const { root, user, key, signal } = this.options;
    const url = new URL(PATH, root);
    url.searchParams.set('type', question.type);
    url.searchParams.set('start', new Date(question.start).toISOString());
    url.searchParams.set('end', new Date(question.end).toISOString());
    url.searchParams.set('limit', String(PAGE_RECORDS));
    if (question.token !== '') url.searchParams.set('token', question.token);
    this.requests++;
    try {
      const response = await fetch(url, {
        headers: {
          authorization: `Basic ${Buffer.from(`${user}:${key}`).toString('base64')}`,
          accept: 'application/json',
        },
        // The key goes to this host only.
        redirect: 'manual',
        dispatcher: this.dispatcher,
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.timing.answerTimeout)]),
      });
      return await this.read(response, question);
    } catch (error) {
      if (error instanceof LogApiError) throw error;
      signal.throwIfAborted();
      return { problem: `${url.host} cannot be reached (${reasonOf(error)})`, waitMs: undefined };
    }
  }

  private async read(response: Response, { token }: LogQuestion): Promise<LogPage | Passing> {
    const { host } = new URL(this.options.root);
    const { status } = response;
    if (status === 204) return NO_PAGE;
    const text = await textOf(response);
    if (status === 429 || status >= 500) {
      const waitMs = retryAfterMs(response.headers.get('retry-after'), Date.now());
      return { problem: `${host} answers ${status}${status === 429 ? ' (too many requests)' : ''}`, waitMs };
    }
    if (status !== 200) throw refusal(host, status, this.withoutKey(text), token !== '');
    return parsed(text, host) ?? { problem: `${host} answers what is no page of records`, waitMs: undefined };
  }

  private withoutKey(text: string): string {
    return text
      .replaceAll(this.options.key, '…')
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .slice(0, 200)
      .trim();
  }

  /** Doubling, with a part of chance so that many collectors do not come back at the same time. */
  private pauseAfter(attempt: number): number {
    const { firstPause, longestPause } = this.timing;
    return Math.min(longestPause, firstPause * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2);
  }

  private wait(ms: number): Promise<void> {
    const { signal } = this.options;
    return new Promise((done, fail) => {
      const aborted = (): void => {
        clearTimeout(timer);
        fail(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', aborted);
        done();
      }, ms);
      if (signal.aborted) aborted();
      else signal.addEventListener('abort', aborted, { once: true });
    });
  }
}

const NO_PAGE: LogPage = { records: [], nextToken: '' };

/** The page of a 200; undefined when it is none, as when the answer was cut off. The token comes URL-encoded. */
function parsed(text: string, host: string): LogPage | undefined {
  if (text.trim() === '') return NO_PAGE;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const page = Page.safeParse(document);
  if (!page.success) throw new LogApiError(`${host} answers JSON of another form than mail tracking logs`, false);
  const { logs, nextToken } = page.data;
  return { records: logs ?? [], nextToken: unquoted(nextToken ?? '') };
}

function unquoted(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

function refusal(host: string, status: number, text: string, hasToken: boolean): LogApiError {
  const said = text === '' ? '' : `: ${text}`;
  if (status === 401 || status === 403) {
    return new LogApiError(
      `${host} refuses the credentials (${status})${said}. Check TMES_USER and TMES_API_KEY`,
      false,
    );
  }
  if (hasToken && (status === 400 || status === 410)) {
    return new LogApiError(`${host} does not know the page any more (${status})${said}`, true, true);
  }
  if (status >= 300 && status < 400) {
    return new LogApiError(
      `${host} answers with a redirect (${status}), which is not followed. Check TMES_API_URL`,
      false,
    );
  }
  const check =
    status === 404 ? '. Check TMES_API_URL: it is the root, for example https://api.tmes.trendmicro.eu' : '';
  return new LogApiError(`${host} refuses the request (${status})${said}${check}`, false);
}

/** The body as text. @throws LogApiError when it is larger than any page */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > MOST_BYTES) throw new LogApiError('the API answers with more than 64 MiB for one page', false);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const cause: unknown = error.cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code || (cause instanceof Error ? cause.message : error.message);
}
