// npm openid-client, unmodified, by the FAPI 2.0 Security Profile and Message Signing: private_key_jwt, pushed and signed requests, signed
// answers, tokens bound to a key; and what is refused to whoever has less.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import { account, atConsole } from './lib/demo.mjs';
import { Browser } from './lib/forms.mjs';
import { check, holds, same } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const person = account(demo, 'IMAS portal user', (one) => one.groups.includes('IMAS_PORTAL_USER'));
const redirect = 'https://fapi.example/callback';
const browser = new Browser(redirect);
const { subtle } = globalThis.crypto;

/** A key pair of the client, and its public half as registered. */
async function keys(name, algorithm) {
  const pair = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const { kty, crv, x, y, n, e } = await subtle.exportKey('jwk', pair.publicKey);
  return { key: pair.privateKey, kid: name, jwk: { kty, crv, x, y, n, e, kid: name, use: 'sig' } };
}

const signing = {
  ES256: await keys('es', { name: 'ECDSA', namedCurve: 'P-256' }),
  PS256: await keys('ps', { name: 'RSA-PSS', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }),
  EdDSA: await keys('ed', { name: 'Ed25519' }),
};
const set = join(demo.dir, 'fapi-keys.json');
await writeFile(set, JSON.stringify({ keys: Object.values(signing).map(({ jwk }) => jwk) }));

const registered = await check('fapi: a client is registered at the console, without a secret', async () => {
  const made = await atConsole(demo, 'client', 'create', 'fapi', '--application', 'IMAS', '--redirect-uri', redirect, '--profile', 'fapi2',
    '--auth-method', 'private_key_jwt', '--jwks', set, '--require-signed-request-object');
  same(made.client_secret, null, 'secret');
  return made;
});
if (!registered) process.exit(1);

/** Changes the client; the server sees what another process has changed within a second. */
async function change(...settings) {
  await atConsole(demo, 'client', 'change', 'fapi', ...settings);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
}

const insecure = { execute: [oidc.allowInsecureRequests] };

for (const [alg, { key, kid }] of Object.entries(signing)) {
  await check(`fapi: pushed, signed and bound to a key with ${alg}, answered by a signed answer`, async () => {
    await change('--id-token-signed-response-alg', alg);
    const config = await oidc.discovery(new URL(demo.issuer), 'fapi', { id_token_signed_response_alg: alg, authorization_signed_response_alg: alg },
      oidc.PrivateKeyJwt({ key, kid }), insecure);
    oidc.useJwtResponseMode(config);
    const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
    const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
    const asked = { redirect_uri: redirect, scope: 'openid email groups', code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', state, nonce };
    const signed = await oidc.buildAuthorizationUrlWithJAR(config, asked, { key, kid });
    const url = await oidc.buildAuthorizationUrlWithPAR(config, signed.searchParams, { DPoP });
    same([...url.searchParams.keys()].sort(), ['client_id', 'request_uri'], 'parameters in the browser');
    const back = alg === 'ES256' ? await browser.signIn(demo, person, url.href) : await browser.go(url.href);
    same([...new URL(back.url).searchParams.keys()], ['response'], `parameters of the answer at ${back.url} (${back.status}): ${/<h1[^>]*>(.*?)<\/h1>/s.exec(back.html)?.[1]}`);
    const tokens = await oidc.authorizationCodeGrant(config, new URL(back.url), { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }, undefined, { DPoP });
    same(tokens.token_type, 'dpop', 'token type');
    same(tokens.claims().groups, ['IMAS_PORTAL_USER'], 'groups');
    const info = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
    same(info.email, person.email, 'email');
    const bearer = await fetch(`${demo.issuer}/oauth2/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    holds(bearer.status === 401 && bearer.headers.get('www-authenticate').startsWith('DPoP error="invalid_token"'), `as a bearer token: ${bearer.status}`);
    const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
    same(fresh.refresh_token, tokens.refresh_token, 'refresh token');
    const unbound = await oidc.refreshTokenGrant(config, tokens.refresh_token).then(() => null, (error) => error);
    same(unbound?.error, 'invalid_dpop_proof', 'refresh without a proof');
    const again = new Browser(redirect);
    again.cookies = browser.cookies;
    holds(/invalid_request_uri/.test((await again.go(url.href)).html), 'a pushed request works twice');
  });
}

await check('fapi: nonces are asked for and used by the client without being told how', async () => {
  await change('--require-dpop-nonce', '--id-token-signed-response-alg', 'ES256');
  const { key, kid } = signing.ES256;
  const config = await oidc.discovery(new URL(demo.issuer), 'fapi', {}, oidc.PrivateKeyJwt({ key, kid }), insecure);
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
  const verifier = oidc.randomPKCECodeVerifier();
  const asked = { redirect_uri: redirect, scope: 'openid email', code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
  const signed = await oidc.buildAuthorizationUrlWithJAR(config, asked, { key, kid });
  const url = await oidc.buildAuthorizationUrlWithPAR(config, signed.searchParams, { DPoP });
  const back = await browser.go(url.href);
  const tokens = await oidc.authorizationCodeGrant(config, new URL(back.url), { pkceCodeVerifier: verifier, idTokenExpected: true }, undefined, { DPoP });
  const info = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
  same(info.email, person.email, 'email');
});

await check('fapi: a request that is not pushed, not signed, or not proved gets nowhere', async () => {
  const { key, kid } = signing.ES256;
  const config = await oidc.discovery(new URL(demo.issuer), 'fapi', {}, oidc.PrivateKeyJwt({ key, kid }), insecure);
  const asked = { redirect_uri: redirect, scope: 'openid', code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()), code_challenge_method: 'S256' };
  const plain = new URL((await browser.go(oidc.buildAuthorizationUrl(config, asked).href)).url);
  same(plain.searchParams.get('error'), 'invalid_request', 'plain');
  const unsigned = await oidc.buildAuthorizationUrlWithPAR(config, asked).then(() => null, (error) => error);
  same(unsigned?.error, 'invalid_request', 'unsigned');
  const nobody = await oidc.discovery(new URL(demo.issuer), 'fapi', undefined, oidc.ClientSecretBasic('secret'), insecure);
  const unproved = await oidc.buildAuthorizationUrlWithPAR(nobody, asked).then(() => null, (error) => error);
  same(unproved?.status, 401, 'unproved');
});
