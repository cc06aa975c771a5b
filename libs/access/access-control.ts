import type { IncomingHttpHeaders } from 'node:http';
import { isSecretOf, parseApiKey } from './api-key';
import type { ApiKey, ApiKeyRepository } from './api-key.repository';
import type { AuditLog } from './audit-log';
import { sessionOf } from './cookies';
import type { Oidc } from './oidc';
import { RateLimit } from './rate-limit';
import { mayDo, type Action } from './role';

/** How the credential of a session begins. */
const SESSION = 'session ';
/** A JWT: three parts of base64url. */
const IS_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** A new or revoked key is noticed after so long. */
const KNOWN_MS = 2000;
/** Wrong keys of one address within a minute; then it has to wait. */
const MOST_FAILURES = 20;
const FAILURES_MS = 60_000;
const MOST_ADDRESSES = 10_000;

export type Verdict =
  | { readonly key: ApiKey }
  | {
      readonly refused: 401 | 403 | 429 | 503;
      readonly detail: string;
      /** seconds, of 429 */
      readonly retryAfter?: number;
      /** whose key it is, where it is known, for the audit log */
      readonly caller?: ApiKey;
    };

/** Who may do what, where API keys are demanded: at every address but the loopback. */
export class AccessControl {
  private keys = new Map<string, ApiKey>();
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;
  private readonly failures = new Map<string, number[]>();

  constructor(
    private readonly repository: ApiKeyRepository,
    readonly audit: AuditLog,
    private readonly now: () => number = Date.now,
    /** of each key, and of each address without one */
    private readonly rate: RateLimit = new RateLimit(0),
    /** people and programs of an identity provider */
    readonly oidc?: Oidc,
  ) {}

  /**
   * Whether the credential of a request from `address` may do `action`.
   * @param byDomain the answer can be limited to recipient domains
   */
  async judge(credential: string | undefined, address: string, action: Action, byDomain = true): Promise<Verdict> {
    if (this.isLockedOut(address))
      return { refused: 429, detail: 'Too many wrong keys from this address: wait a minute.', retryAfter: 60 };
    if (credential === undefined)
      return (
        this.tooFast(`address ${address}`) ?? {
          refused: 401,
          detail: 'An API key is needed: hoptime keys create makes one.',
        }
      );
    const key = await this.callerOf(credential);
    if (!key) {
      // A session that is over is nobody's guess.
      if (credential.startsWith(SESSION))
        return this.tooFast(`address ${address}`) ?? { refused: 401, detail: 'This session is over: log in again.' };
      this.fail(address);
      return { refused: 401, detail: 'This API key is not known.' };
    }
    if (key.revoked || (key.expiresAt !== null && key.expiresAt <= this.now()))
      return { refused: 401, detail: `This API key is ${key.revoked ? 'revoked' : 'expired'}.`, caller: key };
    const tooFast = this.tooFast(`key ${key.id}`);
    if (tooFast) return { ...tooFast, caller: key };
    if (!mayDo(key.role, action)) return { refused: 403, detail: `The role ${key.role} may not do this.`, caller: key };
    if (key.domains.length > 0 && !byDomain) {
      const detail = 'This key is limited to recipient domains, and this tells of all mail.';
      return { refused: 403, detail, caller: key };
    }
    if (this.audit.isFull) return { refused: 503, detail: 'The audit log cannot be written at the moment.' };
    return { key };
  }

  private async callerOf(credential: string): Promise<ApiKey | undefined> {
    if (credential.startsWith(SESSION)) return this.oidc?.ofSession(credential.slice(SESSION.length));
    const parsed = parseApiKey(credential);
    if (!parsed) return this.oidc && IS_TOKEN.test(credential) ? this.oidc.ofToken(credential) : undefined;
    const key = (await this.known()).get(parsed.id);
    return key && isSecretOf(parsed.secret, key.secretHash) ? key : undefined;
  }

  /** Of a request that needs no key: a refusal where its address asks too fast; undefined else. */
  slowedDown(address: string): Extract<Verdict, { refused: number }> | undefined {
    return this.tooFast(`address ${address}`);
  }

  private tooFast(caller: string): Extract<Verdict, { refused: number }> | undefined {
    const retryAfter = this.rate.take(caller);
    if (retryAfter === 0) return undefined;
    return { refused: 429, detail: `Too many requests: the next one may come in ${retryAfter} s.`, retryAfter };
  }

  private async known(): Promise<Map<string, ApiKey>> {
    if (this.now() - this.readAt >= KNOWN_MS) {
      this.reading ??= this.read().finally(() => (this.reading = undefined));
      await this.reading;
    }
    return this.keys;
  }

  private async read(): Promise<void> {
    this.keys = new Map((await this.repository.all()).map((key) => [key.id, key]));
    this.readAt = this.now();
  }

  private isLockedOut(address: string): boolean {
    const since = this.now() - FAILURES_MS;
    const recent = (this.failures.get(address) ?? []).filter((at) => at > since);
    if (recent.length) this.failures.set(address, recent);
    else this.failures.delete(address);
    return recent.length >= MOST_FAILURES;
  }

  private fail(address: string): void {
    // The oldest goes: an attacker with very many addresses is not held up by this anyway.
    if (this.failures.size >= MOST_ADDRESSES) this.failures.delete(this.failures.keys().next().value as string);
    this.failures.set(address, [...(this.failures.get(address) ?? []), this.now()]);
  }
}

/** The key that a request carries: `Authorization: Bearer`, the password of `Basic` (as browsers and SQL clients send it), `X-API-Key`, `X-ClickHouse-Key`; else the session of a browser. */
export function credentialOf(headers: IncomingHttpHeaders): string | undefined {
  const [scheme, value = ''] = (headers.authorization ?? '').split(' ', 2);
  if (/^bearer$/i.test(scheme)) return value;
  if (/^basic$/i.test(scheme)) {
    const text = Buffer.from(value, 'base64').toString('utf8');
    return text.slice(text.indexOf(':') + 1);
  }
  for (const name of ['x-api-key', 'x-clickhouse-key']) {
    const header = headers[name];
    if (typeof header === 'string' && header !== '') return header;
  }
  const session = sessionOf(headers);
  return session === undefined ? undefined : SESSION + session;
}
