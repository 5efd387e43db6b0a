// Walks the FAPI 2.0 plans with certificates, without the suite: node rehearse-fapi.mjs OP LISTEN MTLS_LISTEN OUT SUITE. Handshakes are real.
import { createHash, createPrivateKey, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { check, holds, same } from '../clients/lib/report.mjs';

const [op, listen, mtlsListen, out, suite] = process.argv.slice(2);
const base64url = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Asks under a name, wherever that listens, with a certificate or none. */
function call(method, url, { headers = {}, body, held } = {}) {
  const { host, hostname, pathname, search } = new URL(url);
  const [address, port] = (host === new URL(op).host ? listen : mtlsListen).split(':');
  return new Promise((resolve, reject) => {
    const asked = request({ host: address, port, method, path: pathname + search, servername: hostname, rejectUnauthorized: false, agent: false, cert: held?.cert, key: held?.key, headers: { host, ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const form = (method, url, pairs, more = {}) => call(method, url, { ...more, headers: { 'content-type': 'application/x-www-form-urlencoded', ...more.headers }, body: new URLSearchParams(pairs).toString() });
const json = ({ status, text }) => ({ status, ...JSON.parse(text) });

/** A JWT signed with the key of a client. */
function jwt(key, header, claims) {
  const signed = `${base64url({ alg: 'ES256', ...header })}.${base64url(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: createPrivateKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/** Signs the person in and follows what stays here; where the application is led to. */
async function signIn(url, typed) {
  const cookies = new Map();
  const go = async (method, to, fields) => {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    if (fields) Object.assign(headers, { origin: op, 'sec-fetch-site': 'same-origin' });
    const answer = fields ? await form(method, to, fields, { headers }) : await call(method, to, { headers });
    for (const cookie of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      cookies.set(name, value);
    }
    const next = answer.headers.location && new URL(answer.headers.location, op);
    return next && next.origin === op ? go('GET', next.href) : { ...answer, next };
  };
  const page = await go('GET', url);
  const shown = page.text.split('<form').slice(1).find((one) => one.split('</form>')[0].includes('id="login-continue"'));
  holds(shown, `no sign-in: ${page.status} ${page.text.slice(0, 400)}`);
  const fields = { email: typed['login-email'], password: typed['login-password'] };
  for (const [input] of shown.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) fields[/name="([^"]*)"/.exec(input)[1]] = /value="([^"]*)"/.exec(input)[1].replaceAll('&#38;', '&').replaceAll('&amp;', '&');
  const back = await go('POST', new URL(/action="([^"]*)"/.exec(shown)[1].replaceAll('&amp;', '&'), op).href, fields);
  holds(back.next, `not led back: ${back.status} ${back.text.slice(0, 400)}`);
  return back.next.searchParams;
}

for (const [method, binding] of [['mtls', 'mtls'], ['mtls', 'dpop'], ['private_key_jwt', 'mtls'], ['private_key_jwt', 'dpop']]) {
  await check(`fapi: ${method} with tokens bound by ${binding}, from the pushed request to UserInfo`, async () => {
    const plan = JSON.parse(readFileSync(join(out, `fapi-${method}-${binding}.json`), 'utf8'));
    const typed = Object.fromEntries(plan.browser[0].tasks[0].commands.filter(([what]) => what === 'text').map(([, , id, text]) => [id, text]));
    const metadata = JSON.parse((await call('GET', `${op}/.well-known/openid-configuration`)).text);
    const at = { ...metadata, ...(method === 'mtls' || binding === 'mtls' ? metadata.mtls_endpoint_aliases : {}) };
    const [client, held, other] = [plan.client, plan.mtls, plan.mtls2];
    const [key] = client.jwks.keys;
    const { kty, crv, x, y } = key;
    const proof = (verb, url, token) => (binding === 'dpop' ? { dpop: jwt(key, { typ: 'dpop+jwt', jwk: { kty, crv, x, y } }, {
      jti: randomBytes(16).toString('hex'), htm: verb, htu: url, iat: Math.floor(Date.now() / 1000), ath: token && createHash('sha256').update(token).digest('base64url'),
    }) } : {});
    const proved = () => (method === 'mtls' ? { client_id: client.client_id } : {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: jwt(key, { kid: key.kid }, { iss: client.client_id, sub: client.client_id, aud: op, jti: randomBytes(16).toString('hex'), exp: Math.floor(Date.now() / 1000) + 60 }),
    });
    const redirect = `${suite}/test/a/${plan.alias}/callback`;
    const verifier = randomBytes(32).toString('base64url');
    const asked = { redirect_uri: redirect, response_type: 'code', scope: client.scope, code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', nonce: 'n', state: 's' };
    if (method === 'mtls') {
      for (const wrong of [undefined, other]) same(json(await form('POST', at.pushed_authorization_request_endpoint, { ...asked, ...proved() }, { held: wrong })).error, 'invalid_client', 'with another certificate');
    }
    const pushed = json(await form('POST', at.pushed_authorization_request_endpoint, { ...asked, ...proved() }, { held }));
    same(pushed.status, 201, JSON.stringify(pushed));
    const back = await signIn(`${op}/oauth2/authorize?${new URLSearchParams({ client_id: client.client_id, request_uri: pushed.request_uri })}`, typed);
    same([back.get('state'), back.get('iss')], ['s', op], 'answer');
    const redemption = { grant_type: 'authorization_code', code: back.get('code'), redirect_uri: redirect, code_verifier: verifier };
    const tokens = json(await form('POST', at.token_endpoint, { ...redemption, ...proved() }, { held, headers: proof('POST', at.token_endpoint) }));
    same([tokens.status, tokens.token_type], [200, binding === 'dpop' ? 'DPoP' : 'Bearer'], JSON.stringify(tokens));
    const cnf = JSON.parse(Buffer.from(tokens.access_token.split('.')[1], 'base64url')).cnf;
    same(Object.keys(cnf), [binding === 'dpop' ? 'jkt' : 'x5t#S256'], 'cnf');
    const show = (certificate) => call('GET', at.userinfo_endpoint, { held: certificate, headers: { authorization: `${tokens.token_type} ${tokens.access_token}`, ...proof('GET', at.userinfo_endpoint, tokens.access_token) } });
    same((await show(held)).status, 200, 'UserInfo');
    if (binding === 'mtls') same([(await show(other)).status, (await show()).status], [401, 401], 'UserInfo with another certificate');
  });
}
