import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { ProblemError } from './problem-error';

/**
 * The body of a request as it comes in. `encodings` are the content encodings that the caller unpacks.
 * @throws ProblemError 400 without a body, 415 for a form or an encoding that is not unpacked
 */
export function bodyOf(request: FastifyRequest, encodings: readonly string[] = []): Readable {
  const type = request.headers['content-type'] ?? '';
  if (/^(multipart|application\/x-www-form-urlencoded)/i.test(type)) {
    throw new ProblemError(415, 'A form is not understood: send the file itself as the body.');
  }
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding !== 'identity' && !encodings.includes(encoding)) {
    const good = ['identity', ...encodings].join(' or ');
    throw new ProblemError(415, `Content-Encoding ${JSON.stringify(encoding)} is not understood: send ${good}.`);
  }
  if (!(request.body instanceof Readable)) {
    throw new ProblemError(400, 'The body is empty: send the file itself as the body.');
  }
  return request.body;
}

/** The whole body, at most `limit` bytes. @throws ProblemError 413 */
export async function bytesOf(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += (chunk as Buffer).length;
    if (length > limit) throw new ProblemError(413, `The body is larger than ${limit} bytes: send the headers alone.`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
