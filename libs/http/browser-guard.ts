import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from './problem-error';

/** No outside host, no inline script, no frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];
/** Swagger UI brings styles and images inside its pages. */
const DOCS_POLICY = POLICY.map((rule) => {
  if (rule.startsWith('style-src')) return "style-src 'self' 'unsafe-inline'";
  return rule.startsWith('img-src') ? "img-src 'self' data:" : rule;
});

/** A report is one page that brings its own style, and nothing else. */
const REPORT_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

/** Names of this machine for itself, as `Host` gives them. */
export const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * What keeps the pages of others out. A server on the loopback has no credentials, so a page that the user happens to visit must neither send
 * to it (`Sec-Fetch-Site`) nor read from it under a name of its own that it lets point to 127.0.0.1 (`Host`, DNS rebinding). Where every request
 * needs a key, a rebound name has none, and the server has names that it does not know (`anyHost`).
 */
export function guardAgainstOtherPages(server: FastifyInstance, anyHost: boolean): void {
  server.addHook('onRequest', (request, reply, done) => {
    const site = request.headers['sec-fetch-site'];
    if (!anyHost && !LOOPBACK.test(request.headers.host ?? '')) {
      refuse(reply, request, 421, 'This server answers under localhost and 127.0.0.1 only.');
    } else if (
      request.method !== 'GET' &&
      request.method !== 'HEAD' &&
      site !== undefined &&
      !OWN_SITES.includes(String(site))
    ) {
      refuse(reply, request, 403, 'Pages of other sites may not send anything here.');
    } else done();
  });
  server.addHook('onSend', (request, reply, payload, done) => {
    void reply.headers({
      'content-security-policy': policyOf(request.url).join('; '),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    });
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      void reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}

function policyOf(url: string): readonly string[] {
  if (url.startsWith('/api/v1/reports/')) return REPORT_POLICY;
  return url.startsWith('/api/docs') ? DOCS_POLICY : POLICY;
}

const OWN_SITES = ['same-origin', 'none'];

function refuse(reply: FastifyReply, request: FastifyRequest, status: number, detail: string): void {
  void reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(new ProblemError(status, detail).document(request.id)));
}
