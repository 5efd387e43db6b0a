// Whoever administers a level connects its personnel system without an operator: makes a service, gives it their role, copies a token, and
// people come by SCIM to that level and to no other. It ends with their right.
import { readFile } from 'node:fs/promises';
import { launch, signIn, visitor } from './lib/chromium.mjs';
import { account, atConsole } from './lib/demo.mjs';
import { look } from './lib/look.mjs';
import { check, holds, same } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const delegate = account(demo, 'user administrator', (one) => one.roles.includes('DelegatedUserAdmin') && !one.roles.includes('Operator'));
const OURS = 'urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const levels = await atConsole(demo, 'organisation', 'list');
const own = levels.find((one) => one.name === delegate.organisation);
const other = levels.find((one) => one.name.startsWith('Bank') && !one.name.startsWith(delegate.organisation));
let given;
let token;

async function ask(method, path, body) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const answer = await fetch(`${demo.issuer}/scim/v2${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: text && JSON.parse(text) };
}

const person = (name, organisation) => ({
  schemas: [USER, OURS], userName: name, externalId: name, name: { givenName: name, familyName: 'Connected' }, [OURS]: { organisation },
});

await check('services: a delegate connects the personnel system of their level, and no other', async () => {
  given = await atConsole(demo, 'role', 'grant', 'ProvisioningAdmin', '--user', delegate.email, '--organisation', own.id);
  const browser = await launch();
  try {
    const { page, violations } = await visitor(browser);
    await page.goto(`${demo.issuer}/login`);
    await signIn(demo, page, delegate);
    await page.click('nav a:text-is("Services")');
    await look(page, true, 'delegate-services-none');
    await page.click('main a[href="/admin/clients/new"]');
    await look(page, true, 'delegate-service-new');
    same(await page.$$eval('#organisation option', (all, name) => all.every((one) => one.textContent.startsWith(name)), own.name), true, 'levels to choose from');
    await page.fill('#name', 'Personnel system');
    await page.selectOption('#organisation', own.id);
    await page.click('main form button');
    await page.waitForSelector('#client-secret');
    await look(page, true, 'delegate-service-made');
    await page.click('main a[href$="/roles"]');
    await look(page, true, 'delegate-service-roles');
    await page.check('#role-DelegatedUserAdmin');
    await page.click('main form button');
    holds((await page.textContent('main')).includes(`DelegatedUserAdmin · ${own.name}`), 'the role is on its page');
    await page.click('main a[href$="/tokens"]');
    await page.click('main a[href$="/tokens/new"]');
    await page.fill('#name', 'Entered in the personnel system');
    await page.click('main form button');
    token = await page.textContent('#client-token-secret');
    const made = await ask('POST', '/Users', person('connected', own.id));
    same([made.status, made.body[OURS]?.organisation], [201, own.id], JSON.stringify(made.body));
    const elsewhere = await ask('POST', '/Users', person('elsewhere', other.id));
    holds([400, 403, 404].includes(elsewhere.status), `elsewhere: ${elsewhere.status} ${JSON.stringify(elsewhere.body)}`);
    const seen = await ask('GET', `/Users?count=200`);
    holds(seen.body.Resources.every((one) => one[OURS].organisation !== other.id), 'nobody of another level is seen');
    // It is written each second.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await page.click('main .back a');
    await look(page, true, 'delegate-service-tokens');
    await page.click('main .back a');
    await look(page, true, 'delegate-service');
    await page.click('main form[action$="/self-test"] button');
    await page.waitForSelector('tbody tr');
    same(await page.$$eval('tbody .badge.active', (rows) => rows.length), 9, 'steps as they should be');
    await page.click('main .back a');
    await page.click('main a[href$="/requests"]');
    await look(page, true, 'delegate-service-requests');
    await page.goto(`${demo.issuer}/admin/clients`);
    await look(page, true, 'delegate-services');
    // A service of operators at the same level that may do more: seen, and not kept.
    await atConsole(demo, 'client', 'create', 'wide', '--name', 'Wide', '--kind', 'machine', '--organisation', own.id, '--scope', 'scim');
    const root = levels.find((one) => !one.parent);
    await atConsole(demo, 'role', 'grant', 'DelegatedUserAdmin', '--client', 'wide', '--organisation', root.id);
    await page.reload();
    await page.click('main a:text-is("Wide")');
    holds(!(await page.$('main form[action$="/secrets"]')) && (await page.textContent('main')).includes('it may do more than you'), 'it is kept');
    await look(page, true, 'delegate-service-wide');
    await atConsole(demo, 'client', 'create', 'theirs', '--name', 'Theirs', '--kind', 'machine', '--organisation', other.id, '--scope', 'scim');
    await page.goto(`${demo.issuer}/admin/clients`);
    holds(!(await page.textContent('main')).includes('Theirs'), 'a service of another level is in the list');
    same(violations, [], 'violations of the content security policy');
  } finally {
    await browser.close();
  }
});

await check('services: what a delegate took ends with their right', async () => {
  same((await ask('GET', '/Users?count=1')).status, 200, 'before');
  await atConsole(demo, 'role', 'revoke', given.id);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  same((await ask('GET', '/Users?count=1')).status, 401, 'after');
});
