// npm openid-client, unmodified: code flow with PKCE, prompt=none, form_post, single claims, UserInfo, refresh with rotation, logout.
import { readFile } from 'node:fs/promises';
import * as oidc from 'openid-client';
import { account, client } from './lib/demo.mjs';
import { Browser } from './lib/forms.mjs';
import { check, holds, same } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const imas = client(demo, 'IMAS');
const person = account(demo, 'IMAS portal user', (one) => one.groups.includes('IMAS_PORTAL_USER'));
const redirect = imas.redirect_uris[0];
const browser = new Browser(redirect);

// docs: settings
const { client_id, client_secret } = imas;
const discover = () =>
  oidc.discovery(new URL(demo.issuer), client_id, undefined, oidc.ClientSecretBasic(client_secret), {
    execute: [oidc.allowInsecureRequests], // The demo has no TLS; leave it out anywhere else.
  });
// docs end

const config = await check('openid-client: discovery', discover);
if (!config) process.exit(1);

// docs: sign-in
/** The address of an authorization request, and what its answer is checked against. */
async function request(more = {}) {
  const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirect,
    scope: 'openid profile email groups',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  });
  return { url: url.href, verify: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } };
}

/** The tokens, with what the browser came back with. */
const finish = (callback, verify) => oidc.authorizationCodeGrant(config, new URL(callback), verify);
// docs end

const tokens = await check('openid-client: code flow with PKCE, state and nonce', async () => {
  const { url, verify } = await request();
  const back = await browser.signIn(demo, person, url);
  holds(back.url.startsWith(`${redirect}?`), `ended at ${back.url.split('?')[0]} (${back.status})`);
  return finish(back.url, verify);
});
if (!tokens) process.exit(1);

await check('openid-client: the ID token names the groups of IMAS and no other', () => {
  same(tokens.claims().groups, ['IMAS_PORTAL_USER'], 'groups');
});

await check('openid-client: UserInfo agrees with the ID token', async () => {
  const info = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  same(info.groups, tokens.claims().groups, 'groups');
  same(info.email, person.email, 'email');
});

await check('openid-client: prompt=none answers from the session', async () => {
  const { url, verify } = await request({ prompt: 'none', id_token_hint: tokens.id_token });
  const back = await browser.go(url);
  const silent = await finish(back.url, verify);
  same(silent.claims().sub, tokens.claims().sub, 'sub');
  same(silent.claims().auth_time, tokens.claims().auth_time, 'auth_time');
});

await check('openid-client: form_post sends the answer in a form', async () => {
  const { url, verify } = await request({ response_mode: 'form_post' });
  const page = await browser.go(url);
  same(page.status, 200, 'status');
  const { action, body } = browser.form(page, 'form-post-continue');
  same(action, redirect, 'action');
  const posted = new Request(action, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  const granted = await oidc.authorizationCodeGrant(config, posted, verify);
  same(granted.claims().sub, tokens.claims().sub, 'sub');
});

await check('openid-client: a single claim is told where it was asked for', async () => {
  const { url, verify } = await request({ scope: 'openid', claims: JSON.stringify({ id_token: { email: null }, userinfo: { name: { essential: true } } }) });
  const back = await browser.go(url);
  const granted = await finish(back.url, verify);
  same(granted.claims().email, person.email, 'email');
  const info = await oidc.fetchUserInfo(config, granted.access_token, granted.claims().sub);
  holds(info.name && !info.email, 'UserInfo tells something else');
});

await check('openid-client: refresh rotates; the old token ends the new one with it', async () => {
  holds(tokens.refresh_token, 'no refresh token');
  const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  holds(fresh.access_token !== tokens.access_token && fresh.refresh_token !== tokens.refresh_token, 'a token is the old one');
  for (const token of [tokens.refresh_token, fresh.refresh_token]) {
    const refused = await oidc.refreshTokenGrant(config, token).then(() => null, (error) => error);
    same(refused?.error, 'invalid_grant', 'reuse');
  }
  const gone = await oidc.fetchUserInfo(config, fresh.access_token, tokens.claims().sub).then(() => null, (error) => error);
  holds(gone, 'the access token of the ended grant still works');
});

await check('openid-client: RP-initiated logout asks, ends the session and leads back', async () => {
  const home = `${new URL(redirect).origin}/`;
  const leaving = new Browser(home);
  leaving.cookies = browser.cookies;
  const url = oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: home, id_token_hint: tokens.id_token, state: 'bye' });
  const asks = await leaving.go(url.href);
  holds(/id="?logout-confirm/.test(asks.html), `no page that asks at ${asks.url} (${asks.status})`);
  const still = await browser.go(`${demo.issuer}/profile`);
  holds(!/id="?login-email/.test(still.html), 'signed out by a link');
  const page = await leaving.submit(asks, 'logout-confirm');
  same(page.url, `${home}?state=bye`, 'address after logout');
  const again = await browser.go(`${demo.issuer}/profile`);
  holds(/id="?login-email/.test(again.html), 'still signed in');
  const { url: silent } = await request({ prompt: 'none' });
  same(new URL((await browser.go(silent)).url).searchParams.get('error'), 'login_required', 'prompt=none');
});

await check('openid-client: client credentials', async () => {
  const service = demo.service_clients[0];
  const own = await oidc.discovery(new URL(demo.issuer), service.client_id, undefined, oidc.ClientSecretBasic(service.client_secret), { execute: [oidc.allowInsecureRequests] });
  const granted = await oidc.clientCredentialsGrant(own, { scope: 'users:read' });
  same(granted.token_type.toLowerCase(), 'bearer', 'token type');
});
