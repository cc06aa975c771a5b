import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { credentialOf, type AccessControl, type Verdict } from '../access/access-control';
import type { ApiKey } from '../access/api-key.repository';
import { isOwnPage, sessionOf } from '../access/cookies';
import { actionOf, isAudited, isByDomain, isLogin, isOpen } from '../access/role';
import { rowScope } from '../store/row-scope';
import { ProblemError } from './problem-error';

/** Browsers ask for the key by themselves: it is the password, and the user does not matter. */
export const CHALLENGE = 'Basic realm="Hoptime: any user, an API key as password", charset="UTF-8"';

/** Where people log in at an identity provider, browsers ask for no password. */
const BEARER = 'Bearer realm="Hoptime"';

/** Logins under way are kept up to a number: whoever began very many would push out those of others. */
const BEGINS_LOGIN = /^\/auth\/(login|callback)$/;

/** Who a request is of, as the audit log names them. */
const callers = new WeakMap<FastifyRequest, Pick<ApiKey, 'id' | 'name'> & { readonly role: string }>();

/** Says whose request it is, where no credential told: a login. */
export const auditAs = (request: FastifyRequest, who: Pick<ApiKey, 'id' | 'name'> & { readonly role: string }): void =>
  void callers.set(request, who);

/** Demands an API key, or who the identity provider knows, of every request but probes, and notes in the audit log who read personal data or changed something, also in vain. */
export function guardByKeys(server: FastifyInstance, access: AccessControl): void {
  server.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url ?? '';
    const { method } = request;
    // The SQL endpoint judges by itself, with errors as its clients know them.
    if (actionOf(method, route) === 'sql') return done();
    const isForeign = carriesSession(request) && !/^(GET|HEAD)$/.test(method) && !isOwnPage(request.headers);
    if (isForeign)
      return refuse(reply, request, { refused: 403, detail: 'Pages of other sites may not send anything here.' });
    if (isOpen(route)) {
      const refused = BEGINS_LOGIN.test(route) ? access.slowedDown(request.ip) : undefined;
      return refused ? refuse(reply, request, refused) : done();
    }
    access.judge(credentialOf(request.headers), request.ip, actionOf(method, route), isByDomain(method, route)).then(
      (verdict) => {
        if (!('key' in verdict) && verdict.caller) callers.set(request, verdict.caller);
        if (!('key' in verdict))
          return access.oidc && leadsToLogin(request, verdict)
            ? toLogin(request, reply)
            : refuse(reply, request, verdict, access.oidc ? BEARER : CHALLENGE);
        callers.set(request, verdict.key);
        // What is read from here on is of these domains only.
        return rowScope.run(verdict.key.domains, done);
      },
      (error: unknown) => done(error as Error),
    );
  });
  // Before anything of the answer is sent: what was read is in the log, also if this process is killed in the next moment.
  server.addHook('onSend', async (request, reply) => {
    const route = request.routeOptions.url ?? '';
    const key = callers.get(request);
    if (!isAudited(request.method, route) || actionOf(request.method, route) === 'sql') return;
    await access.audit.record({
      at: Date.now(),
      keyId: key?.id ?? '',
      keyName: key?.name ?? '',
      role: key?.role ?? '',
      address: request.ip,
      method: request.method,
      route,
      // the answer of an identity provider has a code in its address
      target: isLogin(route) ? route : request.url,
      status: reply.statusCode,
    });
  });
}

const carriesSession = ({ headers }: FastifyRequest): boolean =>
  headers.authorization === undefined && sessionOf(headers) !== undefined;

/** Somebody who opens a page in a browser. */
const leadsToLogin = ({ method, headers }: FastifyRequest, verdict: Verdict): boolean =>
  'refused' in verdict && verdict.refused === 401 && method === 'GET' && /text\/html/.test(headers.accept ?? '');

function toLogin(request: FastifyRequest, reply: FastifyReply): void {
  void reply.redirect(`/auth/login?return=${encodeURIComponent(request.url)}`, 303);
}

function refuse(
  reply: FastifyReply,
  request: FastifyRequest,
  { refused: status, detail, retryAfter = 60 }: Extract<Verdict, { refused: number }>,
  challenge = CHALLENGE,
): void {
  if (status === 401) void reply.header('www-authenticate', challenge);
  if (status === 429 || status === 503) void reply.header('retry-after', String(retryAfter));
  void reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(new ProblemError(status, detail).document(request.id)));
}
