// npm oidc-provider with ES256, one client and a store in memory that keeps everything: the peer of benches/oauth.rs. Nothing of it is on disk.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [id, secret, redirectUri] = ['peer', 'the-secret-of-the-peer-of-the-bench', 'https://rp.example/cb'];

/** The same for every model; its own one forgets all but the last thousand. */
class Adapter {
  static all = new Map();
  constructor(name) {
    this.name = name;
  }
  key(one) {
    return `${this.name}:${one}`;
  }
  async upsert(one, payload) {
    Adapter.all.set(this.key(one), payload);
  }
  async find(one) {
    return Adapter.all.get(this.key(one));
  }
  async findByUid() {}
  async findByUserCode() {}
  async consume(one) {
    Adapter.all.get(this.key(one)).consumed = Math.floor(Date.now() / 1000);
  }
  async destroy(one) {
    Adapter.all.delete(this.key(one));
  }
  async revokeByGrantId() {}
}

const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const { port } = server.address();
const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: Adapter,
  clients: [
    {
      client_id: id,
      client_secret: secret,
      redirect_uris: [redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      id_token_signed_response_alg: 'ES256',
    },
  ],
  jwks: { keys: [{ ...jwk, kid: 'one', alg: 'ES256', use: 'sig' }] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'given_name', 'family_name'] },
  findAccount: (_, accountId) => ({
    accountId,
    claims: () => ({ sub: accountId, email: `${accountId}@x.example`, email_verified: true, name: 'A B', given_name: 'A', family_name: 'B' }),
  }),
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  pkce: { required: () => false },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (context) => (context.oidc.params?.grant_type === 'client_credentials' ? 'urn:api' : undefined),
      getResourceServerInfo: () => ({ scope: 'scim', audience: 'urn:api', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
    },
  },
});
// What stands for people who signed in: codes, as many as are asked for.
provider.use(async (context, next) => {
  if (context.path !== '/codes') return next();
  const client = await provider.Client.find(id);
  const codes = [];
  for (let number = 0; number < Number(context.query.count); number += 1) {
    const accountId = `person-${number}`;
    const grant = new provider.Grant({ accountId, clientId: id });
    grant.addOIDCScope('openid email profile');
    const grantId = await grant.save();
    const authTime = Math.floor(Date.now() / 1000);
    const code = new provider.AuthorizationCode({ accountId, client, grantId, redirectUri, scope: 'openid email profile', claims: {}, authTime, nonce: 'n', expiresWithSession: false });
    codes.push(await code.save());
  }
  context.body = JSON.stringify(codes);
});
server.on('request', provider.callback());
console.log(`127.0.0.1:${port}`);
// Nobody reads on: its notices would end it.
console.info = () => {};
console.warn = () => {};
