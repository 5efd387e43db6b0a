// Walks what the plans walk, without the suite: node rehearse.mjs OP LISTEN DYNAMIC. Cookies, redirects and forms as a browser without
// script has them; one line per check.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { check, holds, same } from '../clients/lib/report.mjs';

const [op, listen, file] = process.argv.slice(2);
const [host, port] = listen.split(':');
const plan = JSON.parse(readFileSync(file, 'utf8'));
const token = plan.client.initial_access_token;
const typed = Object.fromEntries(plan.browser[0].tasks[0].commands.filter(([what]) => what === 'text').map(([, , id, text]) => [id, text]));
const at = 'https://suite.example/test/a/rehearsal';

function call(method, url, { headers = {}, body } = {}) {
  const { pathname, search } = new URL(url, op);
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, method, path: pathname + search, servername: new URL(op).hostname, rejectUnauthorized: false, headers: { host: new URL(op).host, ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text, url: new URL(url, op).href }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const json = (method, path, document, bearer) => call(method, path, { headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` }, body: document && JSON.stringify(document) });
const unescaped = (text) => text.replaceAll('&amp;', '&').replaceAll('&#38;', '&').replaceAll('&#34;', '"').replaceAll('&quot;', '"').replaceAll('&#39;', "'");

/** A browser: keeps cookies, follows redirects as long as they stay here. */
class Browser {
  cookies = new Map();

  async go(method, url, fields) {
    const headers = { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    const body = fields && new URLSearchParams(fields).toString();
    if (body !== undefined) Object.assign(headers, { 'content-type': 'application/x-www-form-urlencoded', origin: op, 'sec-fetch-site': 'same-origin' });
    const answer = await call(method, url, { headers, body });
    for (const cookie of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      if (value === '') this.cookies.delete(name); else this.cookies.set(name, value);
    }
    const to = answer.headers.location && new URL(answer.headers.location, op);
    return to && to.origin === op ? this.go('GET', to.href) : { ...answer, to };
  }

  /** Sends the form of a page that holds an element with this id. */
  submit(page, button, more = {}) {
    const form = page.text.split('<form').slice(1).find((one) => one.split('</form>')[0].includes(`id="${button}"`));
    holds(form, `${page.url} has no #${button}: ${page.status} ${page.text.slice(0, 400)}`);
    const fields = {};
    for (const [input] of form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) fields[/name="([^"]*)"/.exec(input)[1]] = unescaped(/value="([^"]*)"/.exec(input)[1]);
    const named = new RegExp(`<button[^>]*id="${button}"[^>]*>`).exec(form)[0];
    const name = /name="([^"]*)"/.exec(named)?.[1];
    if (name) fields[name] = /value="([^"]*)"/.exec(named)[1];
    return this.go('POST', unescaped(/action="([^"]*)"/.exec(form)[1]), { ...fields, ...more });
  }

  signIn(page) {
    return this.submit(page, 'login-continue', { email: typed['login-email'], password: typed['login-password'] });
  }
}

const register = async (more = {}) => {
  const answer = await json('POST', '/oauth2/register', { redirect_uris: [`${at}/callback`], grant_types: ['authorization_code', 'refresh_token'], post_logout_redirect_uris: [`${at}/post_logout_redirect`], ...more }, token);
  return { status: answer.status, ...JSON.parse(answer.text) };
};
const address = (client, more = {}) => `${op}/oauth2/authorize?${new URLSearchParams({ client_id: client.client_id, redirect_uri: `${at}/callback`, response_type: 'code', scope: 'openid', state: 'the state', nonce: 'n', ...more })}`;
const redeem = async (client, pairs) => {
  const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
  const answer = await call('POST', '/oauth2/token', { headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(pairs).toString() });
  return { status: answer.status, ...JSON.parse(answer.text) };
};
const exchange = (client, code) => redeem(client, { grant_type: 'authorization_code', code, redirect_uri: `${at}/callback` });
const claims = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));

await check('basic: a client that has just registered signs its person in, without PKCE, by one page', async () => {
  const [client, browser] = [await register(), new Browser()];
  const back = await browser.signIn(await browser.go('GET', address(client, { acr_values: plan.server.acr_values })));
  same([back.to?.searchParams.get('state'), back.to?.searchParams.get('iss'), back.to?.searchParams.has('session_state')], ['the state', op, true], back.url);
  const tokens = await exchange(client, back.to.searchParams.get('code'));
  const id = claims(tokens.id_token);
  same([id.iss, id.aud, id.nonce, id.acr], [op, client.client_id, 'n', plan.server.acr_values], 'ID token');
  same(JSON.parse(Buffer.from(tokens.id_token.split('.')[0], 'base64url')).alg, 'RS256', 'alg');
  same((await exchange(client, back.to.searchParams.get('code'))).error, 'invalid_grant', 'the code again');
  const silent = await browser.go('GET', address(client, { prompt: 'none', id_token_hint: tokens.id_token }));
  holds(silent.to?.searchParams.get('code'), `prompt=none: ${silent.to}`);
  same((await new Browser().go('GET', address(client, { prompt: 'none' }))).to?.searchParams.get('error'), 'login_required', 'nobody');
  holds((await browser.go('GET', address(client, { prompt: 'login' }))).text.includes('login-heading'), 'prompt=login shows the page');
});

await check('basic: every standard claim is told, none of them empty', async () => {
  const [client, browser] = [await register(), new Browser()];
  const back = await browser.signIn(await browser.go('GET', address(client, { scope: 'openid profile email phone address' })));
  const { access_token: access } = await exchange(client, back.to.searchParams.get('code'));
  const told = JSON.parse((await call('GET', '/oauth2/userinfo', { headers: { authorization: `Bearer ${access}` } })).text);
  const standard = ['name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture', 'website', 'gender', 'birthdate', 'zoneinfo', 'locale', 'updated_at', 'email', 'email_verified', 'phone_number', 'phone_number_verified', 'address'];
  same(standard.filter((name) => told[name] === undefined || told[name] === ''), [], 'not told');
  same([typeof told.updated_at, told.email_verified, told.phone_number_verified, typeof told.address], ['number', true, true, 'object'], 'types');
});

await check('basic: offline_access asks, and refreshes; another client gets nothing for it', async () => {
  const [client, other, browser] = [await register(), await register(), new Browser()];
  const asks = await browser.signIn(await browser.go('GET', address(client, { scope: 'openid offline_access', prompt: 'consent' })));
  const back = await browser.submit(asks, 'consent-allow');
  const tokens = await exchange(client, back.to.searchParams.get('code'));
  same((await redeem(other, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).error, 'invalid_grant', 'the other');
  const next = await redeem(client, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
  same([next.status, claims(next.id_token).sub], [200, claims(tokens.id_token).sub], 'refreshed');
});

await check('form post: the answer comes in a form that a button sends', async () => {
  const [client, browser] = [await register(), new Browser()];
  const page = await browser.signIn(await browser.go('GET', address(client, { response_mode: 'form_post' })));
  holds(page.text.includes('id="form-post-continue"') && page.text.includes(`action="${at}/callback"`) && page.text.includes('name="code"'), page.text);
});

await check('dynamic: what cannot be registered is refused by its own error', async () => {
  same((await register({ redirect_uris: [`${at}/callback#x`] })).error, 'invalid_redirect_uri', 'fragment');
  same((await register({ initiate_login_uri: 'http://suite.example/start' })).error, 'invalid_client_metadata', 'initiate_login_uri');
  same((await register({ initiate_login_uri: 'https://suite.example/start' })).initiate_login_uri, 'https://suite.example/start', 'https');
  const client = await register({ policy_uri: `${at}/policy`, tos_uri: `${at}/tos`, userinfo_signed_response_alg: 'RS256' });
  const page = await new Browser().go('GET', address(client));
  holds(page.text.includes('id="client-policy"') && page.text.includes('id="client-tos"'), 'links on the page');
  for (const odd of ['/callback?x=1', '/callback/', '']) {
    const error = await new Browser().go('GET', address(client, { redirect_uri: `${at}${odd}` }));
    holds(error.status === 400 && error.text.includes('id="error-heading"'), `${odd}: ${error.status}`);
  }
  const gone = await json('DELETE', client.registration_client_uri, undefined, client.registration_access_token);
  same([gone.status, (await json('GET', client.registration_client_uri, undefined, client.registration_access_token)).status], [204, 401], 'left');
});

await check('logout: the page asks, frames are opened, the application gets its person back with state', async () => {
  const [client, browser] = [await register({ frontchannel_logout_uri: `${at}/frontchannel_logout`, frontchannel_logout_session_required: true }), new Browser()];
  const back = await browser.signIn(await browser.go('GET', address(client)));
  const tokens = await exchange(client, back.to.searchParams.get('code'));
  const asked = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: `${at}/post_logout_redirect`, state: 's'.repeat(128) });
  const done = await browser.submit(await browser.go('GET', `${op}/oauth2/logout?${asked}`), 'logout-confirm');
  const [, frame] = /<iframe src="([^"]*)"/.exec(done.text) ?? [];
  const { searchParams } = new URL(unescaped(frame ?? op));
  same([searchParams.get('iss'), searchParams.get('sid')], [op, claims(tokens.id_token).sid], 'frame');
  const [, link] = /id="logout-continue" href="([^"]*)"/.exec(done.text);
  same((await browser.go('GET', unescaped(link))).to?.href, `${at}/post_logout_redirect?state=${'s'.repeat(128)}`, 'back');
  same((await browser.go('GET', address(client, { prompt: 'none' }))).to?.searchParams.get('error'), 'login_required', 'signed out');
  const plain = new Browser();
  await plain.signIn(await plain.go('GET', address(client)));
  const left = await plain.submit(await plain.go('GET', `${op}/oauth2/logout?state=x`), 'logout-confirm');
  holds(left.text.includes('id="logout-done"'), left.text.slice(0, 2_000));
});

await check('session management: the frame may be framed, and its address is in the metadata', async () => {
  const metadata = JSON.parse((await call('GET', '/.well-known/openid-configuration')).text);
  const frame = await call('GET', metadata.check_session_iframe);
  holds(frame.status === 200 && frame.headers['content-security-policy'].includes('frame-ancestors *') && !frame.headers['x-frame-options'], frame.text);
});
