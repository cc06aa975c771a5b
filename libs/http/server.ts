import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { Server as HttpsServer } from 'node:https';
import { isLoopback } from '../config/config';
import { asker } from '../store/asker';
import type { AccessControl } from '../access/access-control';
import { guardByKeys } from './access-guard';
import { serveApiDocs } from './api-docs';
import { guardAgainstOtherPages } from './browser-guard';
import { serveDashboard } from './dashboard-files';
import { Metrics } from './metrics';
import { openApiDocument } from './openapi';
import type { SqlEndpoint } from './sql-endpoint';
import { serveLogin } from './oidc-routes';
import type { TlsFiles } from './tls-files';
import { serveSql } from './sql-server';
import { ProblemFilter, problemOf, type LogFailure } from './problem.filter';

export interface ServerOptions {
  /** any but a loopback address needs {@link access} */
  readonly host: string;
  /** 0 takes any free one */
  readonly port: number;
  /** take any free port where that one is in use */
  readonly orAnyPort?: boolean;
  /** folder of the built dashboard */
  readonly dashboardFolder: string;
  /** who may do what; left out at a loopback address, where all may do all */
  readonly access?: AccessControl;
  /** what answers SQL at /sql */
  readonly sql?: SqlEndpoint;
  /** certificate and key; left out: plain HTTP */
  readonly tls?: TlsFiles;
  /** browsers come by TLS, which a proxy may speak */
  readonly secureCookies?: boolean;
  /** where failures of the server are told, without personal data */
  readonly log: LogFailure;
}

/** So long may a client send or take nothing before it is cut off. */
const IDLE_MS = 120_000;

/** The application of a module that imports {@link ApiModule}, not yet listening. */
export async function createServer(
  root: DynamicModule | Type,
  options: Omit<ServerOptions, 'host' | 'port' | 'orAnyPort'>,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    ...(options.tls ? { https: { ...options.tls.pair } } : {}),
    logger: false,
    genReqId: () => randomUUID(),
    connectionTimeout: IDLE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 3000 },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      void reply
        .status(problemOf(error).status)
        .header('content-type', 'application/problem+json; charset=utf-8')
        .send(JSON.stringify(problemOf(error).document(request.id)));
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  if (options.tls) {
    options.tls.renew(server.server as unknown as HttpsServer);
    // Half a year (RFC 6797): who came by TLS once does not come without.
    server.addHook('onRequest', (_request, reply, done) => {
      void reply.header('strict-transport-security', 'max-age=15768000');
      done();
    });
  }
  // Bodies are taken as they come: only uploads have one, and they are read as streams.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  server.addHook('onRequest', (_request, reply, done) => {
    const gone = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    asker.run(gone.signal, done);
  });
  guardAgainstOtherPages(server, options.access !== undefined);
  if (options.access) guardByKeys(server, options.access);
  const secure = options.tls !== undefined || options.secureCookies === true;
  serveLogin(server, { oidc: options.access?.oidc, secure, log: options.log });
  const metrics = app.get(Metrics, { strict: false });
  server.addHook('onResponse', (request, reply, done) => {
    metrics.seen(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
  app.useGlobalFilters(new ProblemFilter(options.log));
  serveDashboard(server, options.dashboardFolder);
  if (options.sql) serveSql(server, options.sql);
  serveApiDocs(server, openApiDocument(app));
  await app.init();
  return app;
}

/** Listens, and answers the address. @throws Error that says what to do where the port is in use */
export async function startServer(
  root: DynamicModule | Type,
  options: ServerOptions,
): Promise<{ app: NestFastifyApplication; address: string }> {
  if (!options.access && !isLoopback(options.host)) throw new Error(`${options.host} is served with API keys only`);
  const app = await createServer(root, options);
  try {
    await app.listen(options.port, options.host);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    if (!options.orAnyPort) {
      await app.close();
      throw new Error(
        `port ${options.port} of ${options.host} is in use: choose another with --port, 0 for any free one`,
      );
    }
    await app.listen(0, options.host);
  }
  const address = await app.getUrl();
  // Nest knows of TLS only what it was told itself.
  return { app, address: options.tls ? address.replace(/^http:/, 'https:') : address };
}
