import { createHash, randomBytes } from 'node:crypto';
import type { JWTPayload, JWTVerifyGetKey } from 'jose' with { 'resolution-mode': 'import' };
import type { Configuration } from 'openid-client' with { 'resolution-mode': 'import' };
import type { OidcConfig } from '../config/config';
import type { ApiKey } from './api-key.repository';
import { ROLES, type Role } from './role';

const LOGIN_MS = 600_000;
export const SESSION_MS = 8 * 3_600_000;
const MOST_LOGINS = 10_000;
const MOST_SESSIONS = 10_000;
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

interface Session {
  readonly caller: ApiKey;
  readonly until: number;
}

/** Somebody whom the provider knows, and whom none of the roles was given to. */
export class NoRoleError extends Error {
  constructor() {
    super(
      'The identity provider gives you no role here: ask whoever runs it for viewer, analyst, operator or auditor.',
    );
    this.name = 'NoRoleError';
  }
}

/**
 * OpenID Connect: people come by the code flow with PKCE (RFC 7636) and have a session of 8 hours in this process, programs bring an access token
 * that is a JWT (RFC 9068) of the provider. What either may do is told by the claim of the roles.
 */
export class Oidc {
  private readonly logins = new Map<string, Login>();
  private readonly sessions = new Map<string, Session>();
  private known: Promise<{ provider: Configuration; keys: JWTVerifyGetKey }> | undefined;

  constructor(
    private readonly config: OidcConfig,
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
   * @throws NoRoleError, and Error where the answer is none to a login of this browser
   */
  async finish(query: string, state: string | undefined): Promise<{ session: string; returnTo: string }> {
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
    const more =
      this.config.roleClaim in claims ? claims : await client.fetchUserInfo(provider, tokens.access_token, claims.sub);
    const caller = this.callerOf({ ...claims, ...more });
    if (!caller) throw new NoRoleError();
    const session = randomBytes(32).toString('base64url');
    bounded(this.sessions, MOST_SESSIONS).set(hashOf(session), { caller, until: this.now() + SESSION_MS });
    return { session, returnTo: login.returnTo };
  }

  /** Who has a session; undefined where there is none, or it is over. */
  ofSession(session: string): ApiKey | undefined {
    const found = this.sessions.get(hashOf(session));
    return found && found.until > this.now() ? found.caller : undefined;
  }

  end(session: string): void {
    this.sessions.delete(hashOf(session));
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
      return this.callerOf(payload);
    } catch {
      return undefined;
    }
  }

  private callerOf(claims: JWTPayload): ApiKey | undefined {
    const given = claims[this.config.roleClaim];
    const names: unknown[] = Array.isArray(given) ? given : typeof given === 'string' ? given.split(/[\s,]+/) : [];
    const role = PRECEDENCE.find((each) => names.includes(each));
    if (!role || !ROLES.includes(role) || claims.sub === undefined) return undefined;
    const name = claims.preferred_username;
    return {
      id: `oidc:${claims.sub}`,
      name: typeof name === 'string' ? name : claims.sub,
      role,
      secretHash: '',
      createdAt: this.now(),
      expiresAt: null,
      revoked: false,
      domains: [],
    };
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

function bounded<V>(entries: Map<string, V>, most: number): Map<string, V> {
  if (entries.size >= most) entries.delete(entries.keys().next().value as string);
  return entries;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
