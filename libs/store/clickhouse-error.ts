/**
 * Errors of ClickHouse that another attempt may not meet: the server, its disk or its cluster is in a state that passes. Names are those of
 * `errorCodeToName()`; everything that is not here says that the statement, the schema or the rights are wrong, and would say so again.
 */
export const TRANSIENT_CODES: Readonly<Record<number, string>> = {
  3: 'UNEXPECTED_END_OF_FILE',
  74: 'CANNOT_READ_FROM_FILE_DESCRIPTOR',
  75: 'CANNOT_WRITE_TO_FILE_DESCRIPTOR',
  198: 'DNS_ERROR',
  201: 'QUOTA_EXCEEDED',
  202: 'TOO_MANY_SIMULTANEOUS_QUERIES',
  203: 'NO_FREE_CONNECTION',
  209: 'SOCKET_TIMEOUT',
  210: 'NETWORK_ERROR',
  225: 'NO_ZOOKEEPER',
  236: 'ABORTED',
  241: 'MEMORY_LIMIT_EXCEEDED',
  242: 'TABLE_IS_READ_ONLY',
  243: 'NOT_ENOUGH_SPACE',
  252: 'TOO_MANY_PARTS',
  279: 'ALL_CONNECTION_TRIES_FAILED',
  285: 'TOO_FEW_LIVE_REPLICAS',
  286: 'UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE',
  319: 'UNKNOWN_STATUS_OF_INSERT',
  394: 'QUERY_WAS_CANCELLED',
  425: 'SYSTEM_ERROR',
  439: 'CANNOT_SCHEDULE_TASK',
  473: 'DEADLOCK_AVOIDED',
  499: 'S3_ERROR',
  735: 'QUERY_WAS_CANCELLED_BY_CLIENT',
  999: 'KEEPER_EXCEPTION',
};

/** The engine refused who asks: codes REQUIRED_PASSWORD, UNKNOWN_USER, WRONG_PASSWORD, IP_ADDRESS_NOT_ALLOWED, ACCESS_DENIED, AUTHENTICATION_FAILED. */
const DENIED: readonly number[] = [192, 193, 194, 195, 497, 516];

/** An answer that is not ClickHouse's own: of a proxy, or of something else that listens there. */
export class HttpStatusError extends Error {
  constructor(readonly status: number) {
    super(`the answer has status ${status} and no error of ClickHouse: something else listens there`);
    this.name = 'HttpStatusError';
  }
}

/** What is known of an error, wherever it was made: the engine's, the system's, the client's. */
function partsOf(error: unknown): Record<'clickhouseCode' | 'code' | 'type' | 'message', unknown> {
  const none = { clickhouseCode: undefined, code: undefined, type: undefined, message: '' };
  if (typeof error !== 'object' || error === null) return none;
  const { clickhouseCode, code, type, message } = {
    ...none,
    ...error,
    message: 'message' in error ? error.message : '',
  };
  return { clickhouseCode, code, type, message };
}

/** The numeric code of an error of the engine, whichever way it came; undefined for an error of another kind. */
export function codeOf(error: unknown): number | undefined {
  const { clickhouseCode, code, message } = partsOf(error);
  if (typeof clickhouseCode === 'number') return clickhouseCode;
  if (/^\d+$/.test(String(code))) return Number(code);
  const match = /Code: (\d+)/.exec(String(message));
  return match ? Number(match[1]) : undefined;
}

/** Whether the engine says that this user may not. */
export const isDenied = (error: unknown): boolean => DENIED.includes(codeOf(error) ?? 0);

/**
 * Whether another attempt may go well: the server was not reached, went away, answered something that is not its own (a proxy's 502), or names
 * a passing state. A mistake of this program is no such error.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return false;
  const code = codeOf(error);
  if (error instanceof HttpStatusError) return error.status >= 500 || [408, 429].includes(error.status);
  if (code === undefined) return true;
  // Of a query by itself, the limit is its own.
  if (code === 241) return String(partsOf(error).message).includes('(total)');
  return code in TRANSIENT_CODES;
}

/** Whether the server may have done, or may still do, what it was asked, though the answer did not come. */
export const isOutcomeUnknown = (error: unknown): boolean => codeOf(error) === undefined || codeOf(error) === 319;

/** The error in a few words without statement, rows or addresses: its code and name, or what the system says. */
export function shortReason(error: unknown): string {
  const code = codeOf(error);
  const { code: said, type, message } = partsOf(error);
  if (code !== undefined) {
    const name = typeof type === 'string' ? type : TRANSIENT_CODES[code];
    return `it answers code ${code}${name ? ` (${name})` : ''}`;
  }
  if (error instanceof HttpStatusError) return `it answers with status ${error.status}`;
  const cut = /timeout/i.test(String(message)) ? 'it does not answer in time' : 'the connection was cut';
  return SAID[String(said)] ?? cut;
}

const SAID: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'it cannot be reached',
  ETIMEDOUT: 'it does not answer in time',
};
