// npm openid-client, unmodified, on a device without a browser (RFC 8628): a public client, tokens bound to a key, its person at another
// browser; and what is told when they refuse.
import { readFile } from 'node:fs/promises';
import * as oidc from 'openid-client';
import { account, atConsole } from './lib/demo.mjs';
import { Browser } from './lib/forms.mjs';
import { check, holds, same } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const person = account(demo, 'IMAS portal user', (one) => one.groups.includes('IMAS_PORTAL_USER'));
const browser = new Browser();

const registered = await check('device: a client for devices alone is registered at the console', () =>
  atConsole(demo, 'client', 'create', 'tv', '--application', 'IMAS', '--kind', 'native', '--device-grant'));
if (!registered) process.exit(1);

const config = await oidc.discovery(new URL(demo.issuer), 'tv', undefined, oidc.None(), { execute: [oidc.allowInsecureRequests] });

/** What the person does at the other browser, up to the page that asks. */
async function asked(begun, signedIn) {
  const page = await browser.go(begun.verification_uri_complete);
  const next = await browser.submit(page, 'device-continue');
  const asks = signedIn ? next : await browser.signIn(demo, person, next.url);
  holds(asks.html.includes(begun.user_code), `the code is not shown again at ${asks.url}`);
  return asks;
}

await check('device: begun, typed at another browser, approved, polled', async () => {
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
  const begun = await oidc.initiateDeviceAuthorization(config, { scope: 'openid email groups' });
  const polled = oidc.pollDeviceAuthorizationGrant(config, begun, undefined, { DPoP });
  const asks = await asked(begun, false);
  const again = await browser.submit(asks, 'consent-allow');
  holds(/id="?own-error/.test(again.html), 'let in without the word that it is the own device');
  const done = await browser.submit(again, 'consent-allow', { own: 'on' });
  holds(/id="?device-done/.test(done.html) && done.url.endsWith('outcome=approved'), `ended at ${done.url}`);
  const tokens = await polled;
  same(tokens.token_type, 'dpop', 'token type');
  same(tokens.claims().groups, ['IMAS_PORTAL_USER'], 'groups');
  const info = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
  same(info.email, person.email, 'email');
  const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
  holds(fresh.refresh_token && fresh.refresh_token !== tokens.refresh_token, 'no other refresh token');
});

await check('device: a refusal reaches the device', async () => {
  const begun = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' });
  const asks = await asked(begun, true);
  const done = await browser.submit(asks, 'consent-deny');
  holds(done.url.endsWith('outcome=denied'), `ended at ${done.url}`);
  const refused = await oidc.pollDeviceAuthorizationGrant(config, begun).then(() => null, (error) => error);
  same(refused?.error, 'access_denied', 'error');
});
