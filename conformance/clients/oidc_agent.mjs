// oidc-agent as Debian packages it, unmodified, on a command line: registers itself by a token of an operator, is let in by a code at another
// browser, gives out access tokens, and refreshes them.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { account, byScript } from './lib/demo.mjs';
import { Browser } from './lib/forms.mjs';
import { check, holds, same, soon } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const person = account(demo, 'IMAS portal user', (one) => one.groups.includes('IMAS_PORTAL_USER'));
const made = await check('oidc-agent: an operator makes a token for clients on devices', () =>
  byScript(demo, 'oidc-agent/register.sh'));
if (!made) process.exit(1);

const HOME = await mkdtemp(join(tmpdir(), 'chamberlain-agent-'));
const env = { ...process.env, HOME, OIDC_CONFIG_DIR: HOME, ISSUER: demo.issuer, REGISTRATION_TOKEN: made.registration_token, OIDC_ENCRYPTION_PW: randomBytes(16).toString('hex') };
const script = spawn(fileURLToPath(new URL('oidc-agent/tokens.sh', import.meta.url)), [], { stdio: ['ignore', 'pipe', 'pipe'], env, detached: true });
let said = '';
for (const stream of [script.stdout, script.stderr]) stream.on('data', (data) => (said += data));
function stop(id) {
  try {
    if (id) process.kill(id);
  } catch {
    // It is over.
  }
}

try {
  await check('oidc-agent: shows an address and a code, and its person lets it in at a browser', async () => {
    await soon('no code is shown', () => /enter the code: \S+/.test(said) || script.exitCode !== null);
    const [, code] = /enter the code: (\S+)/.exec(said) ?? [];
    holds(code && said.includes(`${demo.issuer}/device\n`), `it says ${said}`);
    const browser = new Browser();
    const typed = await browser.submit(await browser.go(`${demo.issuer}/device`), 'device-continue', { user_code: code });
    const asks = await browser.signIn(demo, person, typed.url);
    holds(asks.html.includes(code), 'the code is not shown again');
    const done = await browser.submit(asks, 'consent-allow', { own: 'on' });
    holds(done.url.endsWith('outcome=approved'), `ended at ${done.url}`);
  });

  const tokens = await check('oidc-agent: gives out an access token, and another one after the first', async () => {
    await soon('the script goes on', () => script.exitCode !== null, 60_000);
    same(script.exitCode, 0, `what it says: ${said}`);
    const found = said.match(/^eyJ\S+$/gm) ?? [];
    same([found.length, new Set(found).size], [2, 2], 'tokens');
    return found;
  });

  await check('oidc-agent: UserInfo tells whose they are', async () => {
    for (const token of tokens) {
      const answer = await fetch(`${demo.issuer}/oauth2/userinfo`, { headers: { authorization: `Bearer ${token}` } });
      const { email, groups } = await answer.json();
      same([answer.status, email, groups], [200, person.email, ['IMAS_PORTAL_USER']], 'UserInfo');
    }
  });
} finally {
  // What it has started goes with it, also where it was interrupted.
  if (script.exitCode === null) for (const id of [-script.pid, Number(/^Agent pid (\d+)/m.exec(said)?.[1])]) stop(id);
  await rm(HOME, { recursive: true, force: true });
}
