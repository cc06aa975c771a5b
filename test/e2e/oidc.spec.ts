import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { freePort } from '../support/free-port';
import { Workplace } from './hoptime.fixture';
import { ServingProcess } from './live-serve.fixture';

/** People and programs of a real identity provider: the npm package oidc-provider in its own process. */
const place = new Workplace();
const serving = new ServingProcess(place);
let provider: ChildProcess;
let issuer: string;
let base: string;

beforeAll(async () => {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  provider = spawn(process.execPath, [resolve('test/support/identity-provider.mjs'), `${base}/auth/callback`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(provider.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  issuer = line.toString().trim();
  await serving.start(
    {
      HTTP_HOST: '0.0.0.0',
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: 'hoptime',
      OIDC_CLIENT_SECRET: 'hoptime-secret',
      OIDC_REDIRECT_URI: `${base}/auth/callback`,
      OIDC_AUDIENCE: 'urn:hoptime',
    },
    port,
  );
}, 60_000);
afterAll(async () => {
  await serving.end('SIGTERM');
  provider.kill();
  place.remove();
});

/** A browser as far as cookies and redirects go. */
class Browser {
  private readonly jar = new Map<string, Map<string, string>>();

  async ask(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address, base);
    const cookies = this.jar.get(url.host) ?? new Map<string, string>();
    this.jar.set(url.host, cookies);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html', ...(init.headers as Record<string, string>), cookie };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const text of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  /** Follows redirects as long as `goesOn`. */
  async open(
    address: string,
    goesOn: (next: string) => boolean = () => true,
  ): Promise<{ response: Response; at: string }> {
    let at = new URL(address, base).href;
    for (let i = 0; i < 20; i++) {
      const response = await this.ask(at);
      const next = response.headers.get('location');
      if (next === null || !goesOn(new URL(next, at).href))
        return { response, at: next === null ? at : new URL(next, at).href };
      at = new URL(next, at).href;
    }
    throw new Error('too many redirects');
  }
}

const loginAs = (account: string): Promise<Response> => fetch(`${issuer}/login-as/${account}`);
const problem = async (response: Response): Promise<string> => ((await response.json()) as { detail: string }).detail;

it('lets a person in by the code flow with PKCE, as what the provider says', async () => {
  await loginAs('carol');
  const browser = new Browser();
  let asked = '';
  const { response, at } = await browser.open('/api/v1/range?x=1', (next) => {
    if (next.startsWith(`${issuer}/auth?`)) asked = next;
    return true;
  });
  const question = new URL(asked).searchParams;
  expect([
    question.get('code_challenge_method'),
    question.get('response_type'),
    question.get('code_challenge')?.length,
  ]).toEqual(['S256', 'code', 43]);
  // back where the browser wanted to go
  expect(at).toBe(`${base}/api/v1/range?x=1`);
  expect(response.status).not.toBe(401);
  expect((await browser.ask('/api/v1/range')).status).toBe(200);
  // a viewer: no SQL, no change
  expect((await browser.ask('/sql?query=SELECT%201')).status).toBe(403);
  const own = { method: 'POST', body: 'x', headers: { 'sec-fetch-site': 'same-origin' } };
  expect(await problem(await browser.ask('/api/v1/ingest?name=x.log', own))).toBe('The role viewer may not do this.');
  // no session, no way in; programs are told, not led to a page
  const other = await fetch(`${base}/api/v1/range`);
  expect([other.status, other.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="Hoptime"']);
  expect(
    (await browser.ask('/auth/logout', { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } })).status,
  ).toBe(204);
  expect((await browser.ask('/api/v1/range', { headers: { accept: 'application/json' } })).status).toBe(401);
}, 30_000);

it('takes no change from a page of others, though the browser sends the session along', async () => {
  await loginAs('oscar');
  const browser = new Browser();
  await browser.open('/auth/login');
  const post = (headers: Record<string, string>): Promise<Response> =>
    browser.ask('/api/v1/ingest?name=x.log', { method: 'POST', body: 'no log\n', headers });
  expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await post({ 'sec-fetch-site': 'same-site' })).status).toBe(403);
  expect((await post({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await post({})).status).toBe(403);
  expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  expect((await post({ origin: base })).status).toBe(200);
  const cookies = (await browser.ask('/auth/login')).headers.getSetCookie();
  expect(cookies[0]).toMatch(/^hoptime-login=[\w-]{43}; Path=\/auth; Max-Age=600; HttpOnly; SameSite=Lax$/);
}, 30_000);

it('ends a login once, in the browser that began it, and leads nowhere else', async () => {
  await loginAs('carol');
  const begun = new Browser();
  const { at: callback } = await begun.open('/auth/login', (next) => !next.startsWith(`${base}/auth/callback`));
  expect(callback).toMatch(/[?&]code=/);
  // somebody else's browser is led to this answer
  expect((await new Browser().ask(callback)).status).toBe(400);
  expect((await begun.ask(callback)).status).toBe(303);
  expect((await begun.ask(callback)).status).toBe(400);
  const { response } = await new Browser().open(
    '/auth/login?return=//evil.example/',
    (next) => !next.startsWith(`${base}/`) || next.includes('/auth/'),
  );
  expect(response.headers.get('location')).toBe('/');
  await loginAs('nobody');
  const refused = await new Browser().open('/auth/login');
  expect(refused.response.status).toBe(403);
  expect(await problem(refused.response)).toMatch(/gives you no role here/);
}, 30_000);

async function token(program: string, resource: string): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${program}:${program}-secret`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'api', resource }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

it('takes access tokens of programs, and no other tokens', async () => {
  const ask = (credential: string, path = '/api/v1/range'): Promise<Response> =>
    fetch(`${base}${path}`, { headers: { authorization: `Bearer ${credential}` } });
  const good = await token('analyst-program', 'urn:hoptime');
  expect((await ask(good)).status).toBe(200);
  expect(await (await ask(good, '/sql?query=SELECT%2042')).text()).toBe('42\n');
  expect((await ask(good, '/api/v1/audit?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z')).status).toBe(403);
  expect((await ask(await token('analyst-program', 'urn:another'))).status).toBe(401);
  expect((await ask(await token('roleless-program', 'urn:hoptime'))).status).toBe(401);
  const [head, body, signature] = good.split('.');
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  expect((await ask(`${head}.${part({ ...claims, roles: 'operator' })}.${signature}`)).status).toBe(401);
  expect((await ask(`${part({ alg: 'none' })}.${body}.x`)).status).toBe(401);
}, 30_000);
