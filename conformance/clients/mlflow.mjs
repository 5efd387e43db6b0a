// mlflow-oidc-auth as it is on PyPI, an application with a SCIM server of its own that knows less than RFC 7644 has: set up on the command line,
// people and groups are brought, members come and go, leavers are deactivated.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { account, atConsole, end, freePort } from './lib/demo.mjs';
import { check, holds, same, soon } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
process.env.CHAMBERLAIN__KEYS__ENCRYPTION_KEY_FILE = join(demo.dir, 'encryption.key');
// The demo calls its own machine; the console does so where it is allowed.
process.env.CHAMBERLAIN__OUTBOUND__ALLOWED_NETWORKS = '["127.0.0.0/8"]';
const GROUP = 'CASPER_WEB_DATA_SUBMITTER';
const member = account(demo, 'member', (one) => one.groups.includes(GROUP));
const WORK = await mkdtemp(join(tmpdir(), 'chamberlain-mlflow-'));
const port = await freePort();
const base = `http://127.0.0.1:${port}/scim/v2`;
const env = { ...process.env, WORK, PORT: String(port), ISSUER: demo.issuer, SECRET_KEY: randomBytes(32).toString('hex') };
const server = spawn(fileURLToPath(new URL('mlflow/start.sh', import.meta.url)), [], { stdio: ['ignore', 'pipe', 'ignore'], env, detached: true });
let said = '';
server.stdout.on('data', (data) => (said += data));

const ask = async (path) => (await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } })).json();
const people = async () => new Map((await ask('/Users?count=200')).Resources.map((one) => [one.userName, one]));
const members = async () => (await ask(`/Groups?filter=${encodeURIComponent(`displayName eq "${GROUP}"`)}`)).Resources[0]?.members ?? [];
let token;

try {
  const up = await check('mlflow: the application runs', async () => {
    await soon('it does not start', () => /^TOKEN \S+$/m.test(said) || server.exitCode !== null, 600_000);
    [, token] = /^TOKEN (\S+)$/m.exec(said) ?? [];
    holds(token, `it says ${said}`);
    await soon('it does not answer', async () => (await fetch(`${base}/ServiceProviderConfig`, { headers: { authorization: `Bearer ${token}` } }).catch(() => ({}))).ok, 180_000);
    return true;
  });
  if (!up) throw new Error('nothing to push to');

  await check('mlflow: whoever could sign in is there, in their groups', async () => {
    const file = join(WORK, 'token');
    await writeFile(file, `${token}\n`, { mode: 0o600 });
    const set = await atConsole(demo, 'client', 'push', 'set', 'casper', '--url', base, '--token-file', file, '--update', 'put');
    same([set.status, set.token], ['paused', '(set)'], 'the target');
    const preview = await atConsole(demo, 'client', 'push', 'preview', 'casper');
    same([preview.answer, preview.findings.missing], [null, preview.people], 'the preview');
    await atConsole(demo, 'client', 'push', 'resume', 'casper');
    await soon('nobody is there', async () => (await members()).some((one) => one.value === member.email), 30_000);
    const there = (await people()).get(member.email);
    same([there.active, there.displayName.length > 0], [true, true], 'the person');
    const refused = await atConsole(demo, 'client', 'push', 'refused', 'casper');
    same(refused, [], 'refused');
  });

  await check('mlflow: a membership that ends ends there, and comes back', async () => {
    await atConsole(demo, 'user', 'unassign', member.email, GROUP);
    await soon('the membership stays', async () => !(await members()).some((one) => one.value === member.email), 30_000);
    await atConsole(demo, 'user', 'assign', member.email, GROUP);
    await soon('the membership does not come back', async () => (await members()).some((one) => one.value === member.email), 30_000);
  });

  await check('mlflow: a comparison finds that everything is as it should be', async () => {
    await atConsole(demo, 'client', 'push', 'reconcile', 'casper');
    await soon('it is not compared', async () => {
      const { reconciled, people: brought } = await atConsole(demo, 'client', 'push', 'show', 'casper');
      return reconciled?.findings.same === brought && reconciled.findings.different === 0;
    }, 30_000);
  });
} finally {
  try {
    process.kill(-server.pid);
  } catch {
    // It is over.
  }
  await end(server);
  await atConsole(demo, 'client', 'push', 'remove', 'casper').catch(() => undefined);
  await rm(WORK, { recursive: true, force: true });
}
