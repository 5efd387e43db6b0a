// npm openid-client, unmodified, as an API: an ID token that is encrypted to it, a token exchanged for one with which it acts, and a
// stream of security events that it sets up, fetches and acknowledges; and how that looks to operators.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import { launch, signIn, visitor } from './lib/chromium.mjs';
import { account, atConsole } from './lib/demo.mjs';
import { Browser } from './lib/forms.mjs';
import { look } from './lib/look.mjs';
import { check, holds, same } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const person = account(demo, 'IMAS portal user', (one) => one.groups.includes('IMAS_PORTAL_USER'));
const operator = account(demo, 'operator', (one) => one.roles.includes('Operator'));
const redirect = 'https://reader.example/callback';
const { subtle } = globalThis.crypto;
const pair = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
const { kty, crv, x, y } = await subtle.exportKey('jwk', pair.publicKey);
const set = join(demo.dir, 'reader-keys.json');
await writeFile(set, JSON.stringify({ keys: [{ kty, crv, x, y, kid: 'to-reader', use: 'enc' }] }));

const registered = await check('streams: a client that may do all of it is registered at the console', () =>
  atConsole(demo, 'client', 'create', 'reader', '--application', 'IMAS', '--redirect-uri', redirect, '--event-stream', '--token-exchange',
    '--jwks', set, '--id-token-encrypted-response-alg', 'ECDH-ES'));
if (!registered) process.exit(1);

const config = await oidc.discovery(new URL(demo.issuer), 'reader', undefined, oidc.ClientSecretBasic(registered.client_secret), { execute: [oidc.allowInsecureRequests] });
let tokens;

await check('streams: an ID token is encrypted, and opened by the client', async () => {
  oidc.enableDecryptingResponses(config, ['A128CBC-HS256'], { key: pair.privateKey, alg: 'ECDH-ES', kid: 'to-reader' });
  const verifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(config, { redirect_uri: redirect, scope: 'openid groups', code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' });
  const back = await new Browser(redirect).signIn(demo, person, url.href);
  tokens = await oidc.authorizationCodeGrant(config, new URL(back.url), { pkceCodeVerifier: verifier, idTokenExpected: true });
  same(tokens.id_token.split('.').length, 5, 'parts of the ID token');
  same(tokens.claims().groups, ['IMAS_PORTAL_USER'], 'groups');
});

await check('streams: a token is exchanged for one that says who acts', async () => {
  const type = 'urn:ietf:params:oauth:token-type:access_token';
  const given = await oidc.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:token-exchange', { subject_token: tokens.access_token, subject_token_type: type, scope: 'openid' });
  same([given.issued_token_type, given.scope, given.refresh_token], [type, 'openid', undefined], 'what is given');
  const claims = JSON.parse(Buffer.from(given.access_token.split('.')[1], 'base64url'));
  same(claims.act, { sub: 'reader' }, 'act');
  same((await oidc.fetchUserInfo(config, given.access_token, claims.sub)).sub, claims.sub, 'person');
});

/** Asks the transmitter; the body of the answer, if it has one. */
async function ask(token, method, url, body, status) {
  const answer = await fetch(url, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await answer.text();
  same(answer.status, status, `${method} ${url}: ${text}`);
  return text && JSON.parse(text);
}

await check('streams: a stream is set up, verified, fetched and acknowledged', async () => {
  const { access_token: token } = await oidc.clientCredentialsGrant(config, { scope: 'ssf.manage' });
  const transmitter = await (await fetch(`${demo.issuer}/.well-known/ssf-configuration`)).json();
  same(transmitter.issuer, demo.issuer, 'issuer');
  const stream = await ask(token, 'POST', transmitter.configuration_endpoint, { description: 'of the reader' }, 201);
  await ask(token, 'POST', transmitter.configuration_endpoint, {}, 409);
  await ask(token, 'POST', transmitter.verification_endpoint, { stream_id: stream.stream_id, state: 'is it there?' }, 204);
  const { sets } = await ask(token, 'POST', stream.delivery.endpoint_url, { returnImmediately: true }, 200);
  const [[jti, event], ...others] = Object.entries(sets);
  same(others.length, 0, 'other events');
  const claims = JSON.parse(Buffer.from(event.split('.')[1], 'base64url'));
  same(Object.values(claims.events), [{ state: 'is it there?' }], 'state');
  same([claims.aud, claims.jti, claims.sub_id], ['reader', jti, { format: 'opaque', id: stream.stream_id }], 'event');
  same((await ask(token, 'POST', stream.delivery.endpoint_url, { ack: [jti], returnImmediately: true }, 200)).sets, {}, 'acknowledged');
});

await check('streams: operators see the client, and are asked before its stream is deleted', async () => {
  const browser = await launch();
  try {
    const { page } = await visitor(browser);
    await page.goto(`${demo.issuer}/login`);
    await signIn(demo, page, operator);
    await page.goto(`${demo.issuer}/admin/clients?q=reader`);
    await page.click('main a:text("reader")');
    await page.waitForSelector('#event-stream');
    for (const folded of await page.$$('main details:not([open]) > summary')) await folded.click();
    await look(page, true, 'client-with-stream');
    await page.click('main a.ends[href$="/stream"]');
    await look(page, true, 'client-stream-delete');
    await page.click('main form button');
    await page.waitForLoadState();
    holds(!(await page.$('#event-stream')), 'the stream is still there');
  } finally {
    await browser.close();
  }
});
