// npm openid-client, unmodified, by FAPI 2.0 with certificates (RFC 8705): a demo of its own with a listener that asks for them, real
// handshakes by Node, tls_client_auth and self_signed_tls_client_auth, tokens bound to the certificate, and what others get.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import { account, atConsole, freePort, startDemo } from './lib/demo.mjs';
import { Browser } from './lib/forms.mjs';
import { check, holds, same } from './lib/report.mjs';

const work = await mkdtemp(join(tmpdir(), 'chamberlain-mtls-'));
const openssl = (...words) => execFileSync('openssl', words, { cwd: work, stdio: ['ignore', 'ignore', 'ignore'] });
const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
openssl('req', '-x509', ...made, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', 'server.key', '-out', 'server.pem');
openssl('req', '-x509', ...made, '-days', '2', '-subj', '/CN=Authority', '-keyout', 'authority.key', '-out', 'authority.pem');
openssl('req', '-x509', ...made, '-days', '2', '-subj', '/CN=fapi', '-keyout', 'own.key', '-out', 'own.pem');
await writeFile(join(work, 'client.ext'), 'extendedKeyUsage=clientAuth\n');
for (const name of ['fapi', 'other']) {
  openssl('req', ...made, '-subj', `/O=Bank A/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
  openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-days', '2', '-extfile', 'client.ext', '-out', `${name}.pem`);
}
const held = async (name) => ({ key: await readFile(join(work, `${name}.key`)), cert: await readFile(join(work, `${name}.pem`)) });
const ca = await readFile(join(work, 'server.pem'));

const port = await freePort();
const settings = { LISTEN: `127.0.0.1:${port}`, PUBLIC_URL: `https://localhost:${port}`, CERTIFICATE: join(work, 'server.pem'), PRIVATE_KEY: join(work, 'server.key'), CLIENT_CA: join(work, 'authority.pem') };
for (const [name, value] of Object.entries(settings)) process.env[`CHAMBERLAIN__MTLS__${name}`] = value;
const demo = await startDemo();
const redirect = 'https://fapi.example/callback';
const person = account(demo, 'IMAS portal user', (one) => one.groups.includes('IMAS_PORTAL_USER'));

/** `fetch` with a certificate for what is https. */
function fetching({ key, cert }) {
  return (url, { method, headers, body }) => (new URL(url).protocol === 'http:' ? fetch(url, { method, headers, body }) : new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: Object.fromEntries(new Headers(headers)), key, cert, ca, agent: false, lookup: (_, options, done) => (options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)) }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve(new Response(parts.length ? Buffer.concat(parts) : null, { status: answer.statusCode, headers: answer.headers })));
    });
    asked.on('error', reject);
    asked.end(body?.toString());
  }));
}

const insecure = { execute: [oidc.allowInsecureRequests] };
async function known(client, certificate) {
  const fetch = fetching(certificate);
  return oidc.discovery(new URL(demo.issuer), client, { use_mtls_endpoint_aliases: true, id_token_signed_response_alg: 'ES256' }, oidc.TlsClientAuth(), { ...insecure, [oidc.customFetch]: fetch });
}

try {
  const jwk = { ...new X509Certificate(await readFile(join(work, 'own.pem'))).publicKey.export({ format: 'jwk' }), kid: 'own', use: 'sig' };
  await writeFile(join(work, 'own.jwks'), JSON.stringify({ keys: [jwk] }));
  const shared = ['--application', 'IMAS', '--redirect-uri', redirect, '--profile', 'fapi2', '--tls-client-certificate-bound-access-tokens'];
  await atConsole(demo, 'client', 'create', 'fapi-named', ...shared, '--auth-method', 'tls_client_auth', '--tls-client-auth-subject-dn', 'CN=fapi,O=Bank A');
  await atConsole(demo, 'client', 'create', 'fapi-own', ...shared, '--auth-method', 'self_signed_tls_client_auth', '--jwks', join(work, 'own.jwks'));
  const browser = new Browser(redirect);
  let first = true;
  for (const [client, mine, wrong] of [['fapi-named', 'fapi', 'other'], ['fapi-own', 'own', 'fapi']]) {
    await check(`mtls: ${client} pushes, redeems, asks and refreshes with its certificate and nothing else`, async () => {
      const config = await known(client, await held(mine));
      same(config.serverMetadata().mtls_endpoint_aliases.token_endpoint, `https://localhost:${port}/oauth2/token`, 'alias');
      const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
      const asked = { redirect_uri: redirect, scope: 'openid email groups', code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', state, nonce };
      const url = await oidc.buildAuthorizationUrlWithPAR(config, asked);
      const back = first ? await browser.signIn(demo, person, url.href) : await browser.go(url.href);
      first = false;
      const tokens = await oidc.authorizationCodeGrant(config, new URL(back.url), { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });
      const { cnf } = JSON.parse(Buffer.from(tokens.access_token.split('.')[1], 'base64url'));
      const thumbprint = Buffer.from(new X509Certificate((await held(mine)).cert).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
      same([tokens.token_type, cnf], ['bearer', { 'x5t#S256': thumbprint }], 'token');
      same((await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)).email, person.email, 'email');
      const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token);
      same(fresh.refresh_token, tokens.refresh_token, 'refresh token');
      const stranger = await known(client, await held(wrong));
      const refused = await oidc.buildAuthorizationUrlWithPAR(stranger, asked).then(() => null, (error) => error);
      same(refused?.status, 401, 'pushed with another certificate');
      const stolen = await oidc.fetchUserInfo(stranger, tokens.access_token, tokens.claims().sub).then(() => null, (error) => error);
      holds(stolen && /invalid_token/.test(JSON.stringify(stolen.cause ?? stolen)), `UserInfo with another certificate: ${stolen}`);
      const plain = await fetch(`${demo.issuer}/oauth2/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
      same(plain.status, 401, 'UserInfo without a certificate');
    });
  }
} finally {
  await demo.stop();
  await rm(work, { recursive: true, force: true });
}
