import type { IncomingMessage } from 'node:http';
import { type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { randomUUID } from 'node:crypto';
import { decompressBlocks } from '../sql-wire/compressed-blocks';
import { WireError } from '../sql-wire/wire-error';
import type { SqlRequest } from '../sql/sql-engine';
import { SqlError } from '../sql/sql-error';

/** A request of ClickHouse's HTTP interface, taken apart. */
export interface SqlHttpRequest extends SqlRequest {
  readonly queryId: string;
  /** the whole result is wanted before the head of the answer (`wait_end_of_query`) */
  readonly waitsForEnd: boolean;
  /** the answer in blocks of ClickHouse's own compression (`compress=1`) */
  readonly compressedBlocks: boolean;
  /** revision of the client's native protocol; 0 = the oldest (`client_protocol_version`) */
  readonly protocolVersion: number;
  /** content encoding of the answer; undefined = none */
  readonly contentEncoding: ContentEncoding | undefined;
}

export type ContentEncoding = 'gzip' | 'deflate' | 'br';

/** Most bytes of a statement, unpacked: as ClickHouse's max_query_size. */
export const MOST_STATEMENT_BYTES = 256 * 1024;
const DEFAULT_FORMAT = 'TabSeparated';
const DATABASES = ['', 'default', 'hoptime'];
/** Parameters of HTTP that this endpoint acts on; all others are settings. */
const OWN: ReadonlySet<string> = new Set([
  'query',
  'database',
  'default_format',
  'user',
  'password',
  'query_id',
  'role',
  'stacktrace',
  'compress',
  'decompress',
  'enable_http_compression',
  'client_protocol_version',
]);

/** @throws SqlError for what is not understood: a form, two queries, another database, a body that is too long */
export async function readSqlRequest(request: IncomingMessage): Promise<SqlHttpRequest> {
  const given = parametersOf(request.url ?? '/');
  const { headers } = request;
  const value = (name: string): string => given.get(name) ?? '';
  const database = given.get('database') ?? headerText(headers['x-clickhouse-database']);
  if (!DATABASES.includes(database)) throw SqlError.refusal(81, `Database ${database} does not exist: use hoptime`);
  const role = value('role');
  if (role !== '' && role !== 'viewer') throw SqlError.refusal(497, 'only role viewer can be had here');
  const parameters: Record<string, string> = {};
  const settings: Record<string, string> = {};
  for (const [name, text] of given) {
    if (name.startsWith('param_')) parameters[name.slice('param_'.length)] = text;
    else if (!OWN.has(name)) settings[name] = text;
  }
  const body = request.method === 'POST' ? await bodyText(request, isOn(value('decompress'))) : '';
  return {
    text: [value('query'), body].filter((part) => part.trim() !== '').join('\n'),
    parameters,
    settings,
    defaultFormat: given.get('default_format') || headerText(headers['x-clickhouse-format']) || DEFAULT_FORMAT,
    queryId: /^[\x21-\x7e]{1,100}$/.test(value('query_id')) ? value('query_id') : randomUUID(),
    waitsForEnd: isOn(settings.wait_end_of_query ?? ''),
    compressedBlocks: isOn(value('compress')),
    protocolVersion: /^\d{1,6}$/.test(value('client_protocol_version')) ? Number(value('client_protocol_version')) : 0,
    contentEncoding: isOn(value('enable_http_compression'))
      ? acceptedEncoding(headerText(headers['accept-encoding']))
      : undefined,
  };
}

function parametersOf(url: string): Map<string, string> {
  const at = url.indexOf('?');
  const given = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(at < 0 ? '' : url.slice(at + 1))) {
    if (given.has(name)) throw SqlError.refusal(36, `${JSON.stringify(name)} is given twice`);
    given.set(name, value);
  }
  return given;
}

const isOn = (text: string): boolean => /^(1|true)$/i.test(text);

const headerText = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value[0] ?? '') : (value ?? '');

function acceptedEncoding(accepted: string): ContentEncoding | undefined {
  const names = accepted
    .split(',')
    .map((part) => part.trim().split(/\s*;\s*/))
    .filter(([, quality]) => !/^q=0(\.0*)?$/.test(quality ?? ''))
    .map(([name]) => name.toLowerCase());
  return (['gzip', 'br', 'deflate'] as const).find((name) => names.includes(name));
}

async function bodyText(request: IncomingMessage, compressedBlocks: boolean): Promise<string> {
  if (/^multipart\//i.test(request.headers['content-type'] ?? ''))
    throw SqlError.refusal(
      36,
      'A form is not understood here: send the statement as the body, and parameters in the address',
    );
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  const limits = { totalBytes: MOST_STATEMENT_BYTES };
  // The request must outlive a body that is too long, so that it can be answered.
  const carried: AsyncIterable<Buffer> = unpack(request, encoding).iterator({ destroyOnReturn: false });
  const unpacked = compressedBlocks ? decompressBlocks(carried, limits) : carried;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MOST_STATEMENT_BYTES)
        throw SqlError.refusal(62, `Max query size exceeded: a statement may have ${MOST_STATEMENT_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof SqlError || error instanceof WireError
      ? error
      : SqlError.refusal(36, `The body is no whole ${encoding}`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unpack(request: Readable, encoding: string): Readable {
  if (encoding === 'identity' || encoding === '') return request;
  const unpacker = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress }[encoding];
  if (!unpacker)
    throw SqlError.refusal(
      36,
      `Content-Encoding ${JSON.stringify(encoding)} is not understood: gzip, deflate and br are`,
    );
  const unpacked = unpacker();
  request.on('error', (error) => unpacked.destroy(error));
  return request.pipe(unpacked);
}
