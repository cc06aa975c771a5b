import { STATUS_CODES } from 'node:http';
import type { Problem } from './api-types';

interface ProblemParts {
  readonly parameter?: string;
  readonly errors?: Problem['errors'];
  /** seconds, for 429 and 503 */
  readonly retryAfter?: number;
}

/** What a client did wrong, or what the server cannot do now: becomes a problem document (RFC 9457). The detail says what to do. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly parts: ProblemParts = {},
  ) {
    super(detail);
    this.name = 'ProblemError';
  }

  /** The document; `instance` is the id of the request. */
  document(instance?: string): Problem {
    const { parameter, errors } = this.parts;
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.detail,
      ...(parameter === undefined ? {} : { parameter }),
      ...(errors === undefined ? {} : { errors }),
      ...(instance === undefined ? {} : { instance }),
    };
  }
}
