// Registers the static clients of the suite as the dynamic ones are registered, and writes the configurations of the plans.
//   node configure.mjs PREPARED OP LISTEN SUITE ALIAS OUT
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { browser, overrides } from './browser.mjs';

const [prepared, op, listen, suite, alias, out] = process.argv.slice(2);
const { email, password, initial_access_token: token } = JSON.parse(readFileSync(prepared, 'utf8'));
const [host, port] = listen.split(':');
const at = `${suite}/test/a/${alias}`;

/** Asks the server by its own name, wherever it listens; its certificate was made a moment ago. */
function ask(method, path, body) {
  const headers = { host: new URL(op).host, authorization: `Bearer ${token}` };
  if (body) headers['content-type'] = 'application/json';
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path, method, headers, servername: new URL(op).hostname, rejectUnauthorized: false }, (answer) => {
      let text = '';
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    asked.on('error', reject);
    asked.end(body ? JSON.stringify(body) : undefined);
  });
}

async function ready() {
  for (let tries = 0; tries < 150; tries += 1) {
    const answer = await ask('GET', '/.well-known/openid-configuration').catch(() => undefined);
    if (answer?.status === 200) return JSON.parse(answer.text);
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
  throw new Error('the server does not answer');
}

async function register(name, more = {}) {
  const document = {
    client_name: name,
    redirect_uris: [`${at}/callback`],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    post_logout_redirect_uris: [`${at}/post_logout_redirect`],
    backchannel_logout_uri: `${at}/backchannel_logout`,
    backchannel_logout_session_required: true,
    frontchannel_logout_uri: `${at}/frontchannel_logout`,
    frontchannel_logout_session_required: true,
    ...more,
  };
  const answer = await ask('POST', '/oauth2/register', document);
  if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${answer.text}`);
  const { client_id, client_secret } = JSON.parse(answer.text);
  return { client_id, client_secret, client_name: name };
}

const metadata = await ready();
if (metadata.issuer !== op) throw new Error(`the issuer is ${metadata.issuer}`);
const server = { discoveryUrl: `${op}/.well-known/openid-configuration`, login_hint: email, acr_values: 'https://refeds.org/profile/sfa' };
const common = { alias, description: 'Chamberlain', server, browser: browser({ op, suite, email, password }), override: overrides({ op, email, password }) };
const dynamic = { ...common, client: { client_name: 'Suite', initial_access_token: token }, client2: { client_name: 'Suite, second', initial_access_token: token } };
const fixed = {
  ...common,
  client: await register('Suite'),
  client2: await register('Suite, second'),
  client_secret_post: await register('Suite, secret in the form', { token_endpoint_auth_method: 'client_secret_post' }),
};
for (const [name, plan] of Object.entries({ dynamic, static: fixed })) {
  writeFileSync(join(out, `${name}.json`), `${JSON.stringify(plan, undefined, 2)}\n`, { mode: 0o600 });
}
