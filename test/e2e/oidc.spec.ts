import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../support/free-port';
import { launch } from '../browser/browser.fixture';
import { Workplace } from './hoptime.fixture';
import { ServingProcess } from './live-serve.fixture';

/** People and programs of a real identity provider: the npm package oidc-provider in its own process. */
const place = new Workplace();
const serving = new ServingProcess(place);
let provider: ChildProcess;
let issuer: string;
let base: string;
let auditor: string;

beforeAll(async () => {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  provider = spawn(process.execPath, [resolve('test/support/identity-provider.mjs'), `${base}/auth/callback`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(provider.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  issuer = line.toString().trim();
  writeFileSync(
    join(place.folder, 'mx1.log'),
    mailTo('4fPZDN0mgNz8x1', 'corp.example') + mailTo('4fPZDN0mgNz8x2', 'other.example'),
  );
  expect(place.run(['ingest', 'mx1.log']).status).toBe(0);
  auditor = /hop_\S+/.exec(place.run(['keys', 'create', '--name', 'audit', '--role', 'auditor']).stdout)?.[0] ?? '';
  await start();
});
const start = (): Promise<void> =>
  serving.start(
    {
      HTTP_HOST: '0.0.0.0',
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: 'hoptime',
      OIDC_CLIENT_SECRET: 'hoptime-secret',
      OIDC_REDIRECT_URI: `${base}/auth/callback`,
      OIDC_AUDIENCE: 'urn:hoptime',
      OIDC_DOMAIN_CLAIM: 'mail_domains',
    },
    Number(new URL(base).port),
  );
/** One mail, delivered by mx1. */
const mailTo = (
  id: string,
  domain: string,
): string => `2026-03-02T10:20:00.000000+00:00 mx1 postfix/smtpd[101]: ${id}: client=mail.partner.example[203.0.113.9]
2026-03-02T10:20:00.100000+00:00 mx1 postfix/cleanup[102]: ${id}: message-id=<${id}@partner.example>
2026-03-02T10:20:00.250000+00:00 mx1 postfix/qmgr[103]: ${id}: from=<bob@partner.example>, size=4096, nrcpt=1 (queue active)
2026-03-02T10:20:05.650000+00:00 mx1 postfix/local[104]: ${id}: to=<alice@${domain}>, relay=local, delay=5.7, delays=0.25/0.01/0/5.4, dsn=2.0.0, status=sent (delivered to mailbox)
2026-03-02T10:20:05.660000+00:00 mx1 postfix/qmgr[103]: ${id}: removed
`;
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
});

it('ends the session when a person presses the button of the page', async () => {
  await loginAs('carol');
  const chromium = await launch();
  try {
    const page = await chromium.newPage();
    await page.goto(`${base}/hops`);
    const asked = async (): Promise<number> =>
      (await page.request.get(`${base}/api/v1/range`, { headers: { accept: 'application/json' } })).status();
    await page.getByText('carol of the tests').waitFor();
    expect([new URL(page.url()).origin, await asked()]).toEqual([base, 200]);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'You are logged out' }).waitFor();
    expect(await asked()).toBe(401);
    // what is left of the page leads back to where it was
    await page.getByRole('link', { name: 'Log in again' }).click();
    await page.getByRole('button', { name: 'Log out' }).waitFor();
    expect([new URL(page.url()).pathname, await asked()]).toEqual(['/hops', 200]);
  } finally {
    await chromium.close();
  }
});

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
});

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
});

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
  expect((await ask(await token('domainless-program', 'urn:hoptime'))).status).toBe(401);
  const [head, body, signature] = good.split('.');
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  expect((await ask(`${head}.${part({ ...claims, roles: 'operator' })}.${signature}`)).status).toBe(401);
  expect((await ask(`${part({ alg: 'none' })}.${body}.x`)).status).toBe(401);
});

const ALL = 'from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z';
const JSON_ONLY = { headers: { accept: 'application/json' } };

it('shows the mail of the recipient domains that the provider names, in API and SQL, and lets nobody in without', async () => {
  await loginAs('dora');
  const browser = new Browser();
  await browser.open('/auth/login');
  const recipients = async (): Promise<string[]> => {
    const answer = await browser.ask(`/api/v1/journeys?${ALL}`, JSON_ONLY);
    return ((await answer.json()) as { journeys: { recipient: string }[] }).journeys.map(({ recipient }) => recipient);
  };
  expect(await recipients()).toEqual(['alice@corp.example']);
  const rows = await browser.ask('/sql?query=SELECT%20DISTINCT%20recipient%20FROM%20journeys');
  expect(await rows.text()).toBe('alice@corp.example\n');
  expect((await browser.ask('/api/v1/inputs', JSON_ONLY)).status).toBe(403);
  const who = await browser.ask('/auth/session', JSON_ONLY);
  expect(await who.json()).toEqual({ name: 'dora of the tests', role: 'analyst', domains: ['corp.example'] });
  await loginAs('carol');
  const whole = new Browser();
  await whole.open('/auth/login');
  const { journeys } = (await (await whole.ask(`/api/v1/journeys?${ALL}`, JSON_ONLY)).json()) as {
    journeys: unknown[];
  };
  expect(journeys).toHaveLength(2);
  await loginAs('erin');
  const refused = await new Browser().open('/auth/login');
  expect(refused.response.status).toBe(403);
  expect(await problem(refused.response)).toMatch(/names no recipient domain/);
});

it('keeps a session when the server is killed, and none that was ended; logins, refusals and logouts are in the audit log, and what was read last', async () => {
  await loginAs('dora');
  const [stays, goes] = [new Browser(), new Browser()];
  for (const browser of [stays, goes]) await browser.open('/auth/login');
  const own = { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } };
  expect((await goes.ask('/auth/logout', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(
    403,
  );
  expect((await goes.ask('/api/v1/range', JSON_ONLY)).status).toBe(200);
  expect((await goes.ask('/auth/logout', own)).status).toBe(204);
  const last = '/api/v1/journeys/4fPZDN0mgNz8x1@partner.example';
  expect((await stays.ask(last, JSON_ONLY)).status).toBe(200);
  await serving.end('SIGKILL');
  await start();
  expect((await stays.ask('/api/v1/range', JSON_ONLY)).status).toBe(200);
  expect((await goes.ask('/api/v1/range', JSON_ONLY)).status).toBe(401);
  const audit = await fetch(`${base}/api/v1/audit?from=2026-01-01T00:00:00Z&to=2100-01-01T00:00:00Z&limit=1000`, {
    headers: { authorization: `Bearer ${auditor}` },
  });
  const { entries } = (await audit.json()) as {
    entries: { key_id: string | null; key_name: string; role: string | null; target: string; status: number }[];
  };
  const told = entries.map(({ key_id, role, target, status }) => `${key_id} ${role} ${target} ${status}`);
  expect(told).toContain('oidc:dora analyst /auth/callback 303');
  expect(told).toContain('oidc:nobody null /auth/callback 403');
  expect(told).toContain('oidc:erin null /auth/callback 403');
  expect(told).toContain('null null /auth/callback 400');
  expect(told).toContain('oidc:dora analyst /auth/logout 204');
  // the last before the kill: it was in the store before it was answered
  expect(told).toContain(`oidc:dora analyst ${last} 200`);
  expect(JSON.stringify(entries)).not.toMatch(/code=|state=/);
});
