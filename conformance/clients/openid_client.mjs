// npm openid-client, unmodified: code flow with PKCE, UserInfo, refresh with rotation, logout.
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

const config = await check('openid-client: discovery', () =>
  oidc.discovery(new URL(demo.issuer), imas.client_id, undefined, oidc.ClientSecretBasic(imas.client_secret), { execute: [oidc.allowInsecureRequests] }));
if (!config) process.exit(1);

let tokens = await check('openid-client: code flow with PKCE, state and nonce', async () => {
  const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirect,
    scope: 'openid profile email groups',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  const back = await browser.signIn(demo, person, url.href);
  holds(back.url.startsWith(`${redirect}?`), `ended at ${back.url.split('?')[0]} (${back.status})`);
  return oidc.authorizationCodeGrant(config, new URL(back.url), {
    pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
  });
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

await check('openid-client: refresh rotates, the old token is refused', async () => {
  holds(tokens.refresh_token, 'no refresh token');
  const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  holds(fresh.access_token !== tokens.access_token, 'the access token is the old one');
  if (fresh.refresh_token && fresh.refresh_token !== tokens.refresh_token) {
    const refused = await oidc.refreshTokenGrant(config, tokens.refresh_token).then(() => null, (error) => error);
    same(refused?.error, 'invalid_grant', 'reuse');
  }
  tokens = { ...fresh, claims: tokens.claims, id_token: fresh.id_token ?? tokens.id_token };
});

await check('openid-client: RP-initiated logout ends the session', async () => {
  const home = `${new URL(redirect).origin}/`;
  const leaving = new Browser(home);
  leaving.cookies = browser.cookies;
  const url = oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: home, id_token_hint: tokens.id_token, state: 'bye' });
  let page = await leaving.go(url.href);
  if (/id="?logout-confirm/.test(page.html)) page = await leaving.submit(page, 'logout-confirm');
  same(page.url, `${home}?state=bye`, 'address after logout');
  const again = await browser.go(`${demo.issuer}/profile`);
  holds(/id="?login-email/.test(again.html), 'still signed in');
});

await check('openid-client: client credentials', async () => {
  const service = demo.service_clients[0];
  const own = await oidc.discovery(new URL(demo.issuer), service.client_id, undefined, oidc.ClientSecretBasic(service.client_secret), { execute: [oidc.allowInsecureRequests] });
  const granted = await oidc.clientCredentialsGrant(own, { scope: 'users:read' });
  same(granted.token_type.toLowerCase(), 'bearer', 'token type');
});
