// npm oauth4webapi, unmodified, and nothing between it and the wire: private_key_jwt, pushed requests, PKCE, tokens bound to a key with
// nonces of the server, ID token with its signature, UserInfo, refresh, introspection (signed, too), revocation; and answers that are not ours.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as oauth from 'oauth4webapi';
import { account, byScript } from './lib/demo.mjs';
import { Browser } from './lib/forms.mjs';
import { check, holds, same } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const person = account(demo, 'IMAS portal user', (one) => one.groups.includes('IMAS_PORTAL_USER'));
const redirect = 'https://web.example/callback';
const browser = new Browser(redirect);
const pair = await oauth.generateKeyPair('ES256', { extractable: true });
const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
const set = join(demo.dir, 'web-keys.json');
await writeFile(set, JSON.stringify({ keys: [{ kty, crv, x, y, kid: 'web', use: 'sig' }] }));

const registered = await check('oauth4webapi: a client with a key of its own is registered at the console', () =>
  byScript(demo, 'oauth4webapi/register.sh', { REDIRECT_URI: redirect, KEYS: set }));
if (!registered) process.exit(1);

const { issuer } = demo;
const http = { [oauth.allowInsecureRequests]: true }; // The demo has no TLS.

// docs: settings
const client = { client_id: 'web', id_token_signed_response_alg: 'ES256' };
const clientAuth = oauth.PrivateKeyJwt({ key: pair.privateKey, kid: 'web' });
const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));

const discover = async () =>
  oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), http));

/** Sends a request and reads its answer; once more where the server asks for a nonce of its own (RFC 9449 §8): by now the handle has it. */
async function proved(send, read) {
  try {
    return await read(await send());
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return read(await send());
  }
}
// docs end

const as = await check('oauth4webapi: discovery', discover);
if (!as) process.exit(1);

// docs: sign-in
async function begin(scope) {
  const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
  const parameters = { response_type: 'code', redirect_uri: redirect, scope, state, nonce, code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
  const { request_uri } = await proved(
    () => oauth.pushedAuthorizationRequest(as, client, clientAuth, parameters, { DPoP, ...http }),
    (answer) => oauth.processPushedAuthorizationResponse(as, client, answer));
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({ client_id: client.client_id, request_uri });
  return { url: url.href, verifier, state, nonce };
}

async function finish({ verifier, state, nonce }, callback) {
  const answer = oauth.validateAuthResponse(as, client, new URL(callback), state);
  return proved(
    () => oauth.authorizationCodeGrantRequest(as, client, clientAuth, answer, redirect, verifier, { DPoP, ...http }),
    async (response) => {
      const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce, requireIdToken: true });
      await oauth.validateApplicationLevelSignature(as, response, http);
      return tokens;
    });
}
// docs end

const nonces = [];
const asked = await check('oauth4webapi: a request is pushed with PKCE and a proof; a nonce is asked for and used', async () => {
  http[oauth.customFetch] = async (url, options) => {
    const answer = await fetch(url, options);
    if (answer.headers.has('dpop-nonce')) nonces.push([new URL(url).pathname, answer.status]);
    return answer;
  };
  const begun = await begin('openid email groups');
  same(nonces[0], ['/oauth2/par', 400], 'the first answer');
  same([...new URL(begun.url).searchParams.keys()].sort(), ['client_id', 'request_uri'], 'parameters in the browser');
  return begun;
});
if (!asked) process.exit(1);
const callback = (await browser.signIn(demo, person, asked.url)).url;

await check('oauth4webapi: an answer with another state, or of another issuer, is refused', () => {
  const refusal = (change) => {
    const url = new URL(callback);
    change(url.searchParams);
    try {
      oauth.validateAuthResponse(as, client, url, asked.state);
    } catch (error) {
      return error.message;
    }
    throw new Error('taken');
  };
  const about = (name) => new RegExp(`"${name}"`);
  holds(about('state').test(refusal((given) => given.set('state', 'other'))), 'another state');
  holds(about('iss').test(refusal((given) => given.set('iss', 'https://other.example'))), 'another issuer');
  holds(about('iss').test(refusal((given) => given.delete('iss'))), 'no issuer');
});

const tokens = await check('oauth4webapi: the code is exchanged, the ID token holds, by its signature, too', async () => {
  const given = await finish(asked, callback);
  same(given.token_type, 'dpop', 'token type');
  same(oauth.getValidatedIdTokenClaims(given).groups, ['IMAS_PORTAL_USER'], 'groups');
  return given;
});
if (!tokens) process.exit(1);
const { sub } = oauth.getValidatedIdTokenClaims(tokens);

// docs: afterwards
const userInfo = (token) => proved(
  () => oauth.userInfoRequest(as, client, token, { DPoP, ...http }),
  (answer) => oauth.processUserInfoResponse(as, client, sub, answer));

const refresh = (token) => proved(
  () => oauth.refreshTokenGrantRequest(as, client, clientAuth, token, { DPoP, ...http }),
  (answer) => oauth.processRefreshTokenResponse(as, client, answer));

const introspect = async (token, signed = false) => {
  const answer = await oauth.introspectionRequest(as, client, clientAuth, token, { requestJwtResponse: signed, ...http });
  const read = await oauth.processIntrospectionResponse(as, { ...client, introspection_signed_response_alg: signed ? 'ES256' : undefined }, answer);
  if (signed) await oauth.validateApplicationLevelSignature(as, answer, http);
  return read;
};

const revoke = async (token) => oauth.processRevocationResponse(await oauth.revocationRequest(as, client, clientAuth, token, http));
// docs end

/** The OAuth error, or the one of the challenge, that a request ends with. */
const refused = (request) => request.then(() => 'none', (error) => error.error ?? error.cause?.[0]?.parameters?.error ?? String(error));

await check('oauth4webapi: UserInfo is told to whoever proves the key', async () => {
  same((await userInfo(tokens.access_token)).email, person.email, 'email');
  const bare = oauth.userInfoRequest(as, client, tokens.access_token, http).then((answer) => oauth.processUserInfoResponse(as, client, sub, answer));
  same(await refused(bare), 'invalid_token', 'without a proof');
});

await check('oauth4webapi: a code works once, and takes with it what it gave', async () => {
  same(await refused(finish(asked, callback)), 'invalid_grant', 'again');
  same(await refused(userInfo(tokens.access_token)), 'invalid_token', 'UserInfo');
});

const again = await check('oauth4webapi: refresh gives other tokens for the same key', async () => {
  const begun = await begin('openid email groups');
  const first = await finish(begun, (await browser.go(begun.url)).url);
  const fresh = await refresh(first.refresh_token);
  holds(fresh.access_token !== first.access_token && fresh.refresh_token !== first.refresh_token, 'a token is the old one');
  same((await userInfo(fresh.access_token)).sub, sub, 'sub');
  return fresh;
});
if (!again) process.exit(1);

await check('oauth4webapi: introspection tells whose the token is and to which key it is bound, signed where it is asked for so', async () => {
  for (const signed of [false, true]) {
    const { active, client_id, iss, ...told } = await introspect(again.access_token, signed);
    same([active, client_id, iss, told.sub, told.token_type], [true, 'web', issuer, sub, 'DPoP'], `signed: ${signed}`);
    same(told.cnf?.jkt, await DPoP.calculateThumbprint(), 'key');
  }
});

await check('oauth4webapi: what is revoked is over at once', async () => {
  await revoke(again.access_token);
  same(await introspect(again.access_token), { active: false }, 'access token');
  same(await refused(userInfo(again.access_token)), 'invalid_token', 'UserInfo');
  await revoke(again.refresh_token);
  same(await refused(refresh(again.refresh_token)), 'invalid_grant', 'refresh token');
});

await check('oauth4webapi: an assertion by another key is refused', async () => {
  const other = oauth.PrivateKeyJwt({ key: (await oauth.generateKeyPair('ES256')).privateKey, kid: 'web' });
  const answer = await oauth.introspectionRequest(as, client, other, again.access_token, http);
  same([answer.status, (await answer.json()).error], [401, 'invalid_client'], 'answer');
});
