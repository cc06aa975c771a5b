import { createHash, randomBytes } from 'node:crypto';
import type { JWTPayload, JWTVerifyGetKey } from 'jose' with { 'resolution-mode': 'import' };
import type { Configuration } from 'openid-client' with { 'resolution-mode': 'import' };
import type { OidcConfig } from '../config/config';
import { isScopeDomain } from '../store/row-scope';
import type { ApiKey } from './api-key.repository';
import { ROLES, type Role } from './role';
import { personOf, type Session, type SessionRepository } from './session.repository';

const LOGIN_MS = 600_000;
export const SESSION_MS = 8 * 3_600_000;
const MOST_LOGINS = 10_000;
const MOST_SESSIONS = 10_000;
/** A session that another process ended is refused after so long. */
const KNOWN_MS = 2000;
/** Signatures with a key pair: none that a client could make itself. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Of several roles the first counts. */
const PRECEDENCE: readonly Role[] = ['operator', 'auditor', 'analyst', 'viewer'];

interface Login {
  readonly verifier: string;
  readonly nonce: string;
  readonly returnTo: string;
  readonly until: number;
}

/** A session as this process knows it; what the store says of it is asked again after a while. */
interface KnownSession {
  readonly session: Session | undefined;
  readonly askedAt: number;
}

/** Somebody whom the provider knows, and who gets nothing here. */
export class NoAccessError extends Error {
  /** @param who as the audit log names people */
  constructor(
    message: string,
    readonly who: Pick<ApiKey, 'id' | 'name'>,
  ) {
    super(message);
    this.name = 'NoAccessError';
  }
}

const NO_ROLE =
  'The identity provider gives you no role here: ask whoever runs it for viewer, analyst, operator or auditor.';
const NO_DOMAIN =
  'The identity provider names no recipient domain whose mail you may see: ask whoever runs it for domains, or * for all mail.';
/** In the claim of the domains: all mail. */
const ALL_MAIL = '*';

/**
 * OpenID Connect: people come by the code flow with PKCE (RFC 7636) and have a session of 8 hours in the store, programs bring an access token
 * that is a JWT (RFC 9068) of the provider. What either may do is told by the claim of the roles, whose mail they see by that of the domains, where one is configured.
 */
export class Oidc {
  private readonly logins = new Map<string, Login>();
  private readonly sessions = new Map<string, KnownSession>();
  private known: Promise<{ provider: Configuration; keys: JWTVerifyGetKey }> | undefined;

  constructor(
    private readonly config: OidcConfig,
    private readonly stored: Pick<SessionRepository, 'begin' | 'find' | 'end'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Where the browser goes to say who it is, and what ties its answer to it. @param returnTo path of this server */
  async begin(returnTo: string): Promise<{ url: string; state: string }> {
    const client = await import('openid-client');
    const { provider } = await this.discovered();
    const state = client.randomState();
    const login = {
      verifier: client.randomPKCECodeVerifier(),
      nonce: client.randomNonce(),
      returnTo,
      until: this.now() + LOGIN_MS,
    };
    bounded(this.logins, MOST_LOGINS).set(state, login);
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: this.config.redirectUri,
      scope: this.config.scope,
      code_challenge: await client.calculatePKCECodeChallenge(login.verifier),
      code_challenge_method: 'S256',
      nonce: login.nonce,
      state,
    });
    return { url: url.href, state };
  }

  /**
   * Ends a login and begins a session. A login ends once, in the browser that began it.
   * @param query of the answer, with its question mark; @param state that the browser kept
   * @throws NoAccessError, and Error where the answer is none to a login of this browser
   */
  async finish(
    query: string,
    state: string | undefined,
  ): Promise<{ session: string; returnTo: string; caller: ApiKey }> {
    const login = state === undefined ? undefined : this.logins.get(state);
    if (state !== undefined) this.logins.delete(state);
    if (!login || login.until < this.now())
      throw new Error('This login was not begun in this browser, or too long ago: begin again.');
    const client = await import('openid-client');
    const { provider } = await this.discovered();
    const tokens = await client.authorizationCodeGrant(provider, new URL(`${this.config.redirectUri}${query}`), {
      pkceCodeVerifier: login.verifier,
      expectedNonce: login.nonce,
      expectedState: state,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new Error('The identity provider sent no ID token.');
    const { roleClaim, domainClaim } = this.config;
    const isWhole = roleClaim in claims && (domainClaim === '' || domainClaim in claims);
    const more = isWhole ? claims : await client.fetchUserInfo(provider, tokens.access_token, claims.sub);
    const caller = this.callerOf({ ...claims, ...more });
    if (typeof caller === 'string') throw new NoAccessError(caller, nameOf(claims));
    const secret = randomBytes(32).toString('base64url');
    const session = { caller, until: this.now() + SESSION_MS };
    await this.stored.begin(hashOf(secret), session);
    this.keep(hashOf(secret), session);
    return { session: secret, returnTo: login.returnTo, caller };
  }

  /** Who has a session; undefined where there is none, or it is over. */
  async ofSession(secret: string): Promise<ApiKey | undefined> {
    const session = await this.sessionOf(hashOf(secret));
    return session && session.until > this.now() ? session.caller : undefined;
  }

  /** Ends a session, in all processes of the store; answers whose it was. */
  async end(secret: string): Promise<ApiKey | undefined> {
    const hash = hashOf(secret);
    const session = await this.sessionOf(hash);
    if (!session) return undefined;
    await this.stored.end(hash, session);
    this.keep(hash, undefined);
    return session.caller;
  }

  /** Another process may have ended it: the store is asked again after two seconds. */
  private async sessionOf(hash: string): Promise<Session | undefined> {
    const known = this.sessions.get(hash);
    if (known && this.now() - known.askedAt < KNOWN_MS) return known.session;
    return this.keep(hash, await this.stored.find(hash));
  }

  private keep(hash: string, session: Session | undefined): Session | undefined {
    this.sessions.delete(hash);
    bounded(this.sessions, MOST_SESSIONS).set(hash, { session, askedAt: this.now() });
    return session;
  }

  /** Whose access token it is; undefined where it is none of the provider's for this service, or gives no role. */
  async ofToken(token: string): Promise<ApiKey | undefined> {
    const { provider, keys } = await this.discovered();
    const { jwtVerify } = await import('jose');
    try {
      const { issuer } = provider.serverMetadata();
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: this.config.audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'sub'],
      });
      const caller = this.callerOf(payload);
      return typeof caller === 'string' ? undefined : caller;
    } catch {
      return undefined;
    }
  }

  /** Who claims speak of; or why that is nobody who may do anything, as a sentence. */
  private callerOf(claims: JWTPayload): ApiKey | string {
    const { roleClaim, domainClaim } = this.config;
    const names = textsOf(claims[roleClaim]);
    const role = PRECEDENCE.find((each) => names.includes(each));
    if (!role || !ROLES.includes(role) || claims.sub === undefined) return NO_ROLE;
    if (domainClaim === '') return personOf({ ...nameOf(claims), role, domains: [] });
    const domains = textsOf(claims[domainClaim]).map((domain) => domain.toLowerCase());
    if (domains.includes(ALL_MAIL)) return personOf({ ...nameOf(claims), role, domains: [] });
    // What is no domain is no reason to show more: whoever has none sees nothing.
    const known = domains.filter(isScopeDomain);
    return known.length > 0 ? personOf({ ...nameOf(claims), role, domains: known }) : NO_DOMAIN;
  }

  /** A provider that is away is asked again at the next login. */
  private discovered() {
    this.known ??= this.discover().catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  private async discover() {
    const { issuer, clientId, clientSecret } = this.config;
    // ECMAScript modules: loaded when somebody comes.
    const client = await import('openid-client');
    const { createRemoteJWKSet } = await import('jose');
    const url = new URL(issuer);
    const provider = await client.discovery(
      url,
      clientId,
      clientSecret === '' ? undefined : clientSecret,
      clientSecret === '' ? client.None() : undefined,
      // Only for a provider on this machine: the configuration refuses others without TLS.
      url.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : undefined,
    );
    const { jwks_uri } = provider.serverMetadata();
    if (jwks_uri === undefined) throw new Error('The identity provider names no keys (jwks_uri).');
    return { provider, keys: createRemoteJWKSet(new URL(jwks_uri)) };
  }
}

/** A claim that is a text with several words in it, or a list of texts. */
function textsOf(claim: unknown): string[] {
  const parts: unknown[] = Array.isArray(claim) ? claim : typeof claim === 'string' ? claim.split(/[\s,]+/) : [];
  return parts.filter((part): part is string => typeof part === 'string' && part !== '');
}

const nameOf = ({ sub = '', preferred_username: name }: JWTPayload): Pick<ApiKey, 'id' | 'name'> => ({
  id: `oidc:${sub}`,
  name: typeof name === 'string' ? name : sub,
});

function bounded<V>(entries: Map<string, V>, most: number): Map<string, V> {
  if (entries.size >= most) entries.delete(entries.keys().next().value as string);
  return entries;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
