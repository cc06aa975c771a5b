import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { ProblemError } from './problem-error';

const NOT_BUILT = 'The dashboard is not built: run npm run build. The API is at /api/docs.';

/**
 * Serves the built dashboard: its files, and `index.html` for every other address that a browser opens, since views have addresses of their
 * own. Scripts and styles carry a hash in their names and may be kept for ever; the page itself may not.
 */
export async function serveDashboard(server: FastifyInstance, folder: string): Promise<void> {
  const built = existsSync(join(folder, 'index.html'));
  if (built)
    await server.register(fastifyStatic, {
      root: folder,
      serve: false,
      preCompressed: true,
      decorateReply: true,
      cacheControl: false,
    });
  server.get('/*', (request, reply) => {
    const path = pathOf(request);
    if (!built) return problem(reply, request, NOT_BUILT);
    if (path !== undefined && path !== '/' && existsSync(join(folder, path))) {
      const hashed = path.startsWith('/assets/');
      void reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      return reply.sendFile(path.slice(1));
    }
    if (path === undefined || path.startsWith('/api') || !/text\/html|^\*\/\*$/.test(request.headers.accept ?? '*/*')) {
      return problem(reply, request, 'There is nothing at this address; /api/docs lists what there is.');
    }
    void reply.header('cache-control', 'no-cache');
    return reply.sendFile('index.html');
  });
}

/** The path of a request, without query; undefined where it tries to leave the folder. */
function pathOf(request: FastifyRequest): string | undefined {
  try {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    return path.includes('\0') || normalize(path).includes('..') ? undefined : normalize(path);
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
