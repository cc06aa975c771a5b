import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { KeptFiles } from './kept-files';
import { ProblemError } from './problem-error';

const NOT_BUILT = 'The dashboard is not built: run npm run build. The API is at /api/docs.';
const NOTHING = 'There is nothing at this address; /api/docs lists what there is.';

/**
 * Serves the built dashboard: its files, and `index.html` for every other address that a browser opens, since views have addresses of their
 * own. Scripts and styles carry a hash in their names and may be kept for ever; the page itself may not.
 */
export function serveDashboard(server: FastifyInstance, folder: string): void {
  const files = new KeptFiles(folder);
  server.get('/*', (request, reply) => {
    const name = nameOf(request);
    if (name !== undefined && files.has(name)) {
      const hashed = name.startsWith('assets/');
      void reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      return files.send(name, request, reply);
    }
    const page =
      name !== undefined && !/^api(\/|$)/.test(name) && /text\/html|^\*\/\*$/.test(request.headers.accept ?? '*/*');
    if (!page) return problem(reply, request, NOTHING);
    if (!files.has('index.html')) return problem(reply, request, NOT_BUILT);
    void reply.header('cache-control', 'no-cache');
    return files.send('index.html', request, reply);
  });
}

/** The path of a request without its slash and query; undefined where it cannot be decoded. */
function nameOf(request: FastifyRequest): string | undefined {
  try {
    return decodeURIComponent(new URL(request.url, 'http://localhost').pathname.slice(1));
  } catch {
    return undefined;
  }
}

function problem(reply: FastifyReply, request: FastifyRequest, detail: string): FastifyReply {
  return reply
    .status(404)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(new ProblemError(404, detail).document(request.id)));
}
