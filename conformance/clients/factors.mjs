// Passkeys with the authenticator of Chromium, an authenticator app played by oathtool, recovery codes: each added on the page Security, used
// to sign in, and taken away. Every page on the way: axe, valid HTML, 320 pixels, the content security policy.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { launch, signIn, signOut, visitor } from './lib/chromium.mjs';
import { account, sent } from './lib/demo.mjs';
import { look } from './lib/look.mjs';
import { check, holds, same } from './lib/report.mjs';

const run = promisify(execFile);
const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const person = account(demo, 'somebody with a phone', (one) => one.roles.includes('DelegatedUserAdmin'));
const browser = await launch();
const { context, page, violations } = await visitor(browser);
const at = (path) => page.goto(`${demo.issuer}${path}`);

const devtools = await context.newCDPSession(page);
await devtools.send('WebAuthn.enable');
const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
const keys = async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials;

let key = '';
const code = async () => (await run('oathtool', ['--totp', '-b', key])).stdout.trim();

await check('factors: the page Security offers passkeys, apps and recovery codes', async () => {
  await at('/');
  await signIn(demo, page, person);
  await at('/security');
  await look(page, true, 'factors');
  for (const id of ['#passkey-new', '#app-new', '#recovery-codes-new']) holds(await page.locator(id).isVisible(), `${id} is not there`);
});

await check('factors: a passkey is made, discoverable and for this domain', async () => {
  await page.click('#passkey-new');
  await look(page, true, 'factors');
  await page.fill('#name', 'Laptop');
  await page.click('#passkey-add');
  await page.waitForURL(/done=passkey-added/);
  await look(page, true, 'factors');
  const [made] = await keys();
  holds(made?.isResidentCredential && made.rpId === 'localhost', `made ${JSON.stringify(made)}`);
});

await check('factors: one signs in with it, without anything typed', async () => {
  const before = (await sent(demo, person.phone)).length;
  await signOut(demo, page);
  await at('/login');
  // The browser may have offered and used it by itself while the page was open.
  if (new URL(page.url()).pathname === '/login') await page.click('#login-passkey').catch(() => {});
  await page.waitForURL((url) => url.pathname === '/');
  holds(await page.locator('main').isVisible(), 'nobody is signed in');
  same((await sent(demo, person.phone)).length, before, 'texts');
});

await check('factors: an authenticator app is added by the code that oathtool makes of the key', async () => {
  await at('/security');
  await page.click('#app-new');
  await look(page, true, 'factors');
  key = (await page.locator('#app-secret').innerText()).replaceAll(' ', '');
  const link = await page.locator('main a[href^="otpauth:"]').getAttribute('href');
  holds(link.includes(`secret=${key}`), `the link has another key: ${link}`);
  await page.fill('#name', 'My phone');
  await page.fill('#code', await code());
  await page.click('#app-finish');
  await page.waitForURL(/done=app-added/);
});

let codes = [];
await check('factors: ten recovery codes are shown once, and can be kept as a file', async () => {
  await page.click('#recovery-codes-new');
  await look(page, true, 'factors');
  codes = (await page.locator('#recovery-codes').innerText()).trim().split('\n');
  same(codes.length, 10, 'codes');
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('a[download]')]);
  const kept = await readFile(await file.path(), 'utf8');
  holds(codes.every((one) => kept.includes(one)), 'the file lacks codes');
});

await check('factors: a recovery code stands for the phone, once, without JavaScript', async () => {
  const plain = await visitor(browser, { javaScriptEnabled: false });
  const enter = async (typed) => {
    await plain.page.goto(`${demo.issuer}/login`);
    await plain.page.fill('#login-email', person.email);
    await plain.page.fill('#login-password', person.password);
    await plain.page.click('#login-continue');
    await plain.page.fill('#login-code', typed);
    await plain.page.click('#login-code-continue');
  };
  await enter(codes[0]);
  same(new URL(plain.page.url()).pathname, '/', 'after the code');
  await plain.page.goto(`${demo.issuer}/security`);
  holds((await plain.page.locator('#ways').innerText()).includes('9 of 10'), 'not told how many are left');
  await plain.context.clearCookies();
  await enter(codes[0]);
  await look(plain.page, false);
  same(new URL(plain.page.url()).pathname, '/login/otp', 'after the same code');
  await plain.context.close();
});

await check('factors: the passkey proves both factors again before something is taken away', async () => {
  await at('/security');
  await page.locator('.ways a[href^="/security/passkeys/"]').click();
  await look(page, true, 'factors');
  await at('/login/step-up?return=/security');
  await look(page, true, 'factors');
  await page.click('#login-passkey');
  await page.waitForURL((url) => url.pathname === '/security');
});

await check('factors: a passkey that was removed signs in nobody, and is told so', async () => {
  await page.locator('.ways a[href^="/security/passkeys/"]').click();
  await page.click('#factor-remove');
  await page.waitForURL(/done=factor-removed/);
  await signOut(demo, page);
  await at('/login');
  await page.click('#login-passkey').catch(() => {});
  await page.waitForURL(/problem=passkey-unknown/);
  await look(page, true, 'factors');
});

await check('factors: without the app the phone is the default again', async () => {
  await page.fill('#login-email', person.email);
  await page.fill('#login-password', person.password);
  await page.click('#login-continue');
  await page.fill('#login-code', codes[1]);
  await page.click('#login-code-continue');
  await page.waitForURL((url) => url.pathname === '/');
  await at('/security');
  await page.locator('.ways a[href^="/security/apps/"]').click();
  await page.click('#factor-remove');
  await page.waitForURL(/done=factor-removed/);
  await signOut(demo, page);
  await at('/');
  await signIn(demo, page, person);
  same(new URL(page.url()).pathname, '/', 'after the code by phone');
});

await check('factors: no violation of the content security policy', () => same(violations, [], 'violations'));
await browser.close();
