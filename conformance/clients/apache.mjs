// Apache httpd with mod_auth_openidc as Debian packages them, unmodified, in front of pages that ask for a group, and Chromium: who has it
// gets in, who has another one does not; both ways to sign out.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, signIn, signOut, visitor } from './lib/chromium.mjs';
import { account, answers, byScript, end, freePort } from './lib/demo.mjs';
import { check, same, soon } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const GROUP = 'CASPER_WEB_DATA_SUBMITTER';
const member = account(demo, 'member', (one) => one.groups.includes(GROUP));
const stranger = account(demo, 'stranger', (one) => one.groups.includes('CASPER_WEB_USER_ADMIN') && !one.groups.includes(GROUP));
const HOST = `localhost:${await freePort()}`;
const home = `http://${HOST}/`;

const registered = await check('apache: a client with back-channel logout is registered at the console', () =>
  byScript(demo, 'apache/register.sh', { HOST }));
if (!registered) process.exit(1);

const WORK = await mkdtemp(join(tmpdir(), 'chamberlain-apache-'));
await chmod(WORK, 0o755); // Its processes are those of www-data, if root has started it.
await cp(fileURLToPath(new URL('apache', import.meta.url)), WORK, { recursive: true });
const env = { ...process.env, WORK, HOST, GROUP, ISSUER: demo.issuer, CLIENT_ID: 'apache', CLIENT_SECRET: registered.client_secret, PASSPHRASE: randomBytes(32).toString('hex') };
const apache = spawn('/usr/sbin/apache2', ['-D', 'FOREGROUND', '-f', join(WORK, 'httpd.conf')], { stdio: ['ignore', 'inherit', 'inherit'], env });
let browser;
try {
  await answers(home, apache, 'Apache');
  browser = await launch();
  const as = async (person) => {
    const { page, context } = await visitor(browser);
    await page.goto(home);
    await page.click('#members');
    await signIn(demo, page, person);
    return { page, context };
  };
  const text = (page, id) => page.locator(`#${id}`).innerText();

  const inside = await check('apache: whoever has the group gets in, and the page is told who they are', async () => {
    const one = await as(member);
    same(one.page.url(), `${home}members/`, 'address');
    same(await text(one.page, 'email'), member.email, 'REMOTE_USER');
    same((await text(one.page, 'groups')).split(','), member.groups.filter((group) => group.startsWith('CASPER')), 'groups');
    return one;
  });

  await check('apache: whoever has another group of the application is signed in and gets 403', async () => {
    const { page } = await as(stranger);
    const answer = await page.goto(`${home}members/`);
    same([answer.status(), page.url()], [403, `${home}members/`], 'answer');
  });

  await check('apache: without a session there is nothing but the way to sign in', async () => {
    const context = await browser.newContext();
    const answer = await context.request.get(`${home}members/`, { maxRedirects: 0 });
    same(answer.status(), 302, 'status');
    const asked = new URL(answer.headers().location);
    same([asked.origin, asked.searchParams.get('code_challenge_method')], [demo.issuer, 'S256'], 'request');
  });
  if (!inside) throw new Error('nobody is inside');

  await check('apache: signing out at the portal ends the session of Apache, by a logout token', async () => {
    await signOut(demo, await inside.context.newPage());
    await soon('Apache still lets them in', async () => {
      await inside.page.goto(`${home}members/`);
      return inside.page.locator('#login-email').count();
    });
  });

  await check('apache: signing out at Apache asks, signs out at the portal and leads back', async () => {
    const { page } = inside;
    await signIn(demo, page, member);
    await page.click('#sign-out');
    await page.click('#logout-confirm');
    await page.waitForSelector('#home');
    same(page.url(), home, 'address');
    await page.goto(`${demo.issuer}/profile`);
    await page.waitForSelector('#login-email');
  });
} finally {
  await browser?.close();
  await end(apache);
  if (process.exitCode) console.error(await readFile(join(WORK, 'error.log'), 'utf8'));
  await rm(WORK, { recursive: true, force: true });
}
