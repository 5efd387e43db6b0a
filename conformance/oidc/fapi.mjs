// Registers the clients of the FAPI 2.0 plans at the console and writes the configurations of the plans: each way to prove oneself with each
// way to bind tokens.
//   node fapi.mjs CHAMBERLAIN WORK OP MTLS SUITE ALIAS
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { browser } from './browser.mjs';

const [chamberlain, work, op, mtls, suite, alias] = process.argv.slice(2);
const { email, password } = JSON.parse(readFileSync(join(work, 'prepared.json'), 'utf8'));
const text = (name) => readFileSync(join(work, name), 'utf8');

/** A key pair of a client: the private half for the suite, the public one for us. */
function keys(kid) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { d, ...open } = privateKey.export({ format: 'jwk' });
  const named = { ...open, kid, use: 'sig', alg: 'ES256' };
  return { jwk: { ...named, d }, open: named };
}

function register(id, redirect, method, binding, set) {
  const proof = method === 'mtls' ? ['tls_client_auth', '--tls-client-auth-subject-dn', `CN=suite-${id.at(-1)},O=Conformance`] : ['private_key_jwt'];
  const bound = binding === 'mtls' ? ['--tls-client-certificate-bound-access-tokens'] : [];
  execFileSync(chamberlain, ['--config', join(work, 'server.toml'), '--json', 'client', 'create', id, '--application', 'CONFORMANCE', '--profile', 'fapi2',
    '--redirect-uri', redirect, ...['openid', 'profile', 'email', 'offline_access'].flatMap((scope) => ['--scope', scope]),
    '--jwks', set, '--auth-method', ...proof, ...bound], { stdio: ['ignore', 'ignore', 'inherit'] });
}

for (const method of ['private_key_jwt', 'mtls']) {
  for (const binding of ['dpop', 'mtls']) {
    const name = `fapi-${method}-${binding}`;
    const plan = {
      alias: `${alias}-${name}`,
      description: `Chamberlain, ${method}, ${binding}`,
      server: { discoveryUrl: `${op}/.well-known/openid-configuration`, login_hint: email },
      resource: { resourceUrl: `${binding === 'mtls' ? mtls : op}/oauth2/userinfo` },
      browser: browser({ op, suite, email, password }),
    };
    for (const number of [1, 2]) {
      const [id, second] = [`${name}-${number}`, number === 2];
      const { jwk, open } = keys(id);
      const set = join(work, `${id}.jwks`);
      writeFileSync(set, JSON.stringify({ keys: [open] }));
      const redirect = `${suite}/test/a/${plan.alias}/callback${second ? '?dummy1=lorem&dummy2=ipsum' : ''}`;
      register(id, redirect, method, binding, set);
      plan[second ? 'client2' : 'client'] = { client_id: id, scope: 'openid profile email', jwks: { keys: [jwk] }, dpop_signing_alg: 'ES256' };
      plan[second ? 'mtls2' : 'mtls'] = { cert: text(`client${number}.pem`), key: text(`client${number}.key`), ca: text('authority.pem') };
    }
    writeFileSync(join(work, `${name}.json`), `${JSON.stringify(plan, undefined, 2)}\n`, { mode: 0o600 });
  }
}
