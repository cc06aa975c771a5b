import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cookiesOf, LOGIN_COOKIE, SESSION_COOKIE } from '../access/cookies';
import type { Oidc } from '../access/oidc';
import { ProblemError } from './problem-error';

const LOGIN_SECONDS = 600;
const SESSION_SECONDS = 8 * 3600;

/** Where people log in: `/auth/login` leads to the identity provider, `/auth/callback` back, `POST /auth/logout` ends the session. */
export function serveLogin(server: FastifyInstance, oidc: Oidc, secure: boolean, log: (line: string) => void): void {
  const cookie = (name: string, value: string, seconds: number, path: string): string =>
    `${name}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  server.get('/auth/login', async (request, reply) => {
    const { return: wanted } = request.query as { return?: unknown };
    try {
      const { url, state } = await oidc.begin(ownPath(wanted));
      return await reply
        .header('set-cookie', cookie(LOGIN_COOKIE, state, LOGIN_SECONDS, '/auth'))
        .header('cache-control', 'no-store')
        .redirect(url, 303);
    } catch (error) {
      log(`the identity provider cannot be asked: ${error instanceof Error ? error.message : String(error)}`);
      return problem(request, reply, 503, 'The identity provider does not answer: try again in a moment.');
    }
  });
  server.get('/auth/callback', async (request, reply) => {
    const state = cookiesOf(request.headers).get(LOGIN_COOKIE);
    const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
    try {
      const { session, returnTo } = await oidc.finish(query, state);
      return await reply
        .header('set-cookie', [
          cookie(SESSION_COOKIE, session, SESSION_SECONDS, '/'),
          cookie(LOGIN_COOKIE, '', 0, '/auth'),
        ])
        .header('cache-control', 'no-store')
        .redirect(returnTo, 303);
    } catch (error) {
      if (error instanceof Error && error.name === 'NoRoleError') return problem(request, reply, 403, error.message);
      log(`a login failed: ${error instanceof Error ? error.name : typeof error}`);
      return problem(request, reply, 400, 'This login is not valid, or took too long: begin again at /auth/login.');
    }
  });
  server.post('/auth/logout', (request, reply) => {
    const session = cookiesOf(request.headers).get(SESSION_COOKIE);
    if (session !== undefined) oidc.end(session);
    return reply
      .header('set-cookie', cookie(SESSION_COOKIE, '', 0, '/'))
      .status(204)
      .send();
  });
}

/** A path of this server, and nothing that a browser takes for another one. */
export function ownPath(wanted: unknown): string {
  return typeof wanted === 'string' && /^\/(?![/\\])[^\\\s]{0,2000}$/.test(wanted) ? wanted : '/';
}

function problem(request: FastifyRequest, reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(new ProblemError(status, detail).document(request.id)));
}
