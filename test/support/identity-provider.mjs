// The npm package oidc-provider as a process of its own: whoever logs in is the account that LOGIN_AS names, and everything is consented to.
// Arguments: redirect URI. Prints its issuer when it listens.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [redirectUri] = process.argv.slice(2);
const roles = { carol: ['viewer'], oscar: ['hoptime', 'operator'], nobody: [], dora: ['analyst'], erin: ['viewer'] };
// whose mail somebody sees; erin is of no domain
const domains = {
  carol: ['*'],
  oscar: '*',
  nobody: '*',
  dora: ['Corp.Example', 'not a domain'],
  erin: ['not a domain'],
};
let loginAs = 'carol';
const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const program = (client_id) => ({
  client_id,
  client_secret: `${client_id}-secret`,
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
});
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'hoptime',
      client_secret: 'hoptime-secret',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
    program('analyst-program'),
    program('roleless-program'),
    program('domainless-program'),
  ],
  pkce: { required: () => true },
  claims: { openid: ['sub'], profile: ['preferred_username', 'roles', 'mail_domains'] },
  findAccount: (_ctx, sub) => ({
    accountId: sub,
    claims: () => ({ sub, preferred_username: `${sub} of the tests`, roles: roles[sub], mail_domains: domains[sub] }),
  }),
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, _client, oneOf) => oneOf,
      getResourceServerInfo: (_ctx, resource) => ({
        scope: 'api',
        audience: resource,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  extraTokenClaims: (_ctx, token) =>
    ({ 'analyst-program': { roles: 'analyst', mail_domains: '*' }, 'domainless-program': { roles: 'analyst' } })[
      token.clientId
    ],
});
const answer = provider.callback();
server.on('request', async (request, response) => {
  if (request.url.startsWith('/login-as/')) {
    loginAs = request.url.slice('/login-as/'.length);
    return response.end();
  }
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login')
    return provider.interactionFinished(request, response, { login: { accountId: loginAs } });
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope('openid profile');
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
});
console.log(issuer);
