// npm express-openid-connect, unmodified, in an Express application, and Chromium: signed in where a page asks for it, told by back-channel
// logout that its person has signed out at the portal, and RP-initiated logout.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launch, signIn, signOut, visitor } from './lib/chromium.mjs';
import { account, answers, byScript, end, freePort } from './lib/demo.mjs';
import { check, holds, same, soon } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const person = account(demo, 'IMAS portal user', (one) => one.groups.includes('IMAS_PORTAL_USER'));
const home = `http://localhost:${await freePort()}`;

const registered = await check('express: a client with back-channel logout is registered at the console', () =>
  byScript(demo, 'express/register.sh', { BASE_URL: home }));
if (!registered) process.exit(1);

const settings = { ISSUER: demo.issuer, CLIENT_ID: 'express', CLIENT_SECRET: registered.client_secret, BASE_URL: home, SESSION_SECRET: randomBytes(32).toString('hex') };
const application = spawn(process.execPath, [fileURLToPath(new URL('express/app.mjs', import.meta.url))], { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...settings } });
let browser;
try {
  await answers(`${home}/`, application, 'the Express application');
  browser = await launch();
  const { page, context } = await visitor(browser);
  const open = async (path) => {
    await page.goto(`${home}${path}`);
    return page;
  };
  const text = (id) => page.locator(`#${id}`).innerText();

  await check('express: a page asks for a sign-in, and tells who came and with which groups', async () => {
    same(await (await open('/')).locator('#nobody').count(), 1, 'nobody is signed in');
    await page.click('#members');
    await signIn(demo, page, person);
    same(page.url(), `${home}/members`, 'address');
    same([await text('email'), await text('groups')], [person.email, 'IMAS_PORTAL_USER'], 'person');
    await open('/');
    holds(await page.locator('#who').count(), 'the home page knows nobody');
  });

  await check('express: signing out at the portal ends the session of the application, by a logout token', async () => {
    const portal = await context.newPage();
    await signOut(demo, portal);
    await soon('the application still knows somebody', async () => (await open('/')).locator('#nobody').count());
    await open('/members');
    await page.waitForSelector('#login-email');
  });

  await check('express: signing out at the application asks, signs out at the portal and leads back', async () => {
    await signIn(demo, page, person);
    same(await text('email'), person.email, 'email');
    await open('/');
    await page.click('#sign-out');
    await page.click('#logout-confirm');
    await page.waitForURL(`${home}/`);
    same(await page.locator('#nobody').count(), 1, 'nobody is signed in');
    await page.goto(`${demo.issuer}/profile`);
    await page.waitForSelector('#login-email');
  });
} finally {
  await browser?.close();
  await end(application);
}
