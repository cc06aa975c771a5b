import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

interface KeptFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** the same with gzip, where the build made it */
  readonly gzip?: Buffer;
}

/**
 * The files of a folder, held in memory: a built dashboard is a few megabytes, and no address can reach a file that is not among them.
 * (@fastify/static needs a Node that loads ES modules by `require`, which 20.0 to 20.18 do not.)
 */
export class KeptFiles {
  private readonly files = new Map<string, KeptFile>();

  /** Reads all files below `folder`; none when it does not exist. `names` limits them. */
  constructor(folder: string, names?: readonly string[]) {
    const found = names ?? (existsSync(folder) ? filesBelow(folder) : []);
    for (const name of found) {
      const type = TYPES[extname(name)];
      const path = join(folder, name);
      if (type === undefined || !existsSync(path)) continue;
      const gzip = existsSync(`${path}.gz`) ? readFileSync(`${path}.gz`) : undefined;
      this.files.set(name.split(sep).join('/'), { type, bytes: readFileSync(path), gzip });
    }
  }

  has(name: string): boolean {
    return this.files.has(name);
  }

  /** Sends a file that is there, packed where the client takes it. */
  send(name: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const file = this.files.get(name);
    if (!file) throw new Error(`no file ${name}`);
    void reply.header('content-type', file.type).header('vary', 'accept-encoding');
    if (!file.gzip || !/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return reply.send(file.bytes);
    return reply.header('content-encoding', 'gzip').send(file.gzip);
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
