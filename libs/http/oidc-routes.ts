import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cookiesOf, LOGIN_COOKIE, SESSION_COOKIE, sessionOf } from '../access/cookies';
import { NoAccessError, type Oidc } from '../access/oidc';
import { auditAs } from './access-guard';
import { ProblemError } from './problem-error';

const LOGIN_SECONDS = 600;
const SESSION_SECONDS = 8 * 3600;
const NO_PROVIDER =
  'This server knows no identity provider (OIDC_ISSUER): requests need an API key, or none at a loopback address.';

/** How people log in, where a server has an identity provider. */
export interface LoginOptions {
  readonly oidc?: Oidc;
  /** browsers send the cookies by TLS only */
  readonly secure: boolean;
  readonly log: (line: string) => void;
}

/**
 * Where people log in: `/auth/login` leads to the identity provider, `/auth/callback` back, `POST /auth/logout` ends the session, `/auth/session` says whose
 * it is. Logins, also refused ones, and logouts are in the audit log.
 */
export function serveLogin(server: FastifyInstance, { oidc, secure, log }: LoginOptions): void {
  const cookie = (name: string, value: string, seconds: number, path: string): string =>
    `${name}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  server.get('/auth/login', async (request, reply) => {
    if (!oidc) return problem(request, reply, 404, NO_PROVIDER);
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
    if (!oidc) return problem(request, reply, 404, NO_PROVIDER);
    const state = cookiesOf(request.headers).get(LOGIN_COOKIE);
    const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
    try {
      const { session, returnTo, caller } = await oidc.finish(query, state);
      auditAs(request, caller);
      return await reply
        .header('set-cookie', [
          cookie(SESSION_COOKIE, session, SESSION_SECONDS, '/'),
          cookie(LOGIN_COOKIE, '', 0, '/auth'),
        ])
        .header('cache-control', 'no-store')
        .redirect(returnTo, 303);
    } catch (error) {
      if (error instanceof NoAccessError) {
        auditAs(request, { ...error.who, role: '' });
        return problem(request, reply, 403, error.message);
      }
      log(`a login failed: ${error instanceof Error ? error.name : typeof error}`);
      return problem(request, reply, 400, 'This login is not valid, or took too long: begin again at /auth/login.');
    }
  });
  server.post('/auth/logout', async (request, reply) => {
    const session = cookiesOf(request.headers).get(SESSION_COOKIE);
    const caller = session === undefined ? undefined : await oidc?.end(session);
    if (caller) auditAs(request, caller);
    return reply
      .header('set-cookie', cookie(SESSION_COOKIE, '', 0, '/'))
      .status(204)
      .send();
  });
  server.get('/auth/session', async (request, reply) => {
    const session = sessionOf(request.headers);
    const caller = session === undefined ? undefined : await oidc?.ofSession(session);
    void reply.header('cache-control', 'no-store').header('content-type', 'application/json; charset=utf-8');
    const { name = null, role = null, domains = [] } = caller ?? {};
    return reply.send(JSON.stringify({ name, role, domains }));
  });
}

/** The routes of {@link serveLogin} as paths of the OpenAPI document. */
export const LOGIN_PATHS = {
  '/auth/login': {
    get: operation('login', 'Leads a browser to the identity provider; `return` is a path of this server', {
      '303': 'to the identity provider',
      '404': 'there is none',
      '503': 'it does not answer',
    }),
  },
  '/auth/callback': {
    get: operation('callback', 'Where the identity provider leads back to: begins a session of 8 hours', {
      '303': 'to where the browser wanted to go',
      '400': 'no login of this browser, or too long ago',
      '403': 'no role, or no recipient domain',
      '404': 'there is no identity provider',
    }),
  },
  '/auth/logout': {
    post: operation('logout', 'Ends the session of a browser; from a page of this server only', { '204': 'ended' }),
  },
  '/auth/session': {
    get: operation('session', 'Whose session it is: name, role and recipient domains; name null: nobody’s', {
      '200': 'application/json',
    }),
  },
};

function operation(name: string, summary: string, answers: Readonly<Record<string, string>>) {
  return {
    operationId: `login_${name}`,
    summary,
    tags: ['login'],
    responses: Object.fromEntries(Object.entries(answers).map(([status, description]) => [status, { description }])),
  };
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
