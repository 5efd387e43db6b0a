// A service of the demo as a personnel system that does not keep to the letter, and how that looks to operators: what was tolerated, its
// requests, the self-test, tokens that it cannot fetch; then it is held to the letter, to addresses and to a day.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, signIn, visitor } from './lib/chromium.mjs';
import { account, atConsole } from './lib/demo.mjs';
import { look } from './lib/look.mjs';
import { check, holds, same } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const operator = account(demo, 'operator', (one) => one.roles.includes('Operator'));
const scim = `${demo.issuer}/scim/v2`;
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
let service;
let token;

/** A token by client credentials, as the service gets it. */
async function fetchToken(secret) {
  const authorization = `Basic ${Buffer.from(`tried:${secret}`).toString('base64')}`;
  const answer = await fetch(`${demo.issuer}/oauth2/token`, { method: 'POST', headers: { authorization }, body: new URLSearchParams({ grant_type: 'client_credentials' }) });
  return { status: answer.status, ...(await answer.json()) };
}

async function ask(method, path, body, status) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const answer = await fetch(`${scim}${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  same(answer.status, status, `${method} ${path}: ${text}`);
  return text && JSON.parse(text);
}

const person = { schemas: [USER], userName: 'tried-by-hand', externalId: 'tried-1', name: { givenName: 'Toni', familyName: 'Tried' } };
let made;

await check('provisioning: a service does what RFC 7644 has otherwise, and it is taken as it is meant', async () => {
  const levels = await atConsole(demo, 'organisation', 'list');
  const level = levels.find((one) => one.name.startsWith('Bank A'));
  const registered = await atConsole(demo, 'client', 'create', 'tried', '--name', 'Personnel system of Bank A', '--kind', 'machine', '--organisation', level.id, '--scope', 'scim');
  await atConsole(demo, 'role', 'grant', 'DelegatedUserAdmin', '--client', 'tried', '--organisation', level.id);
  service = registered.client_secret;
  ({ access_token: token } = await fetchToken(service));
  made = await ask('POST', '/Users', person, 201);
  await ask('PATCH', `/Users/${made.id}`, { schemas: [PATCH], Operations: [{ op: 'Replace', path: 'active', value: 'False' }] }, 200);
  await ask('PATCH', `/Users/${made.id}`, { Operations: [{ op: 'add', value: { 'name.givenName': 'Tony' } }] }, 200);
  await ask('GET', `/Users?filter=${encodeURIComponent('emails[type eq "work"].value eq "nobody@example.org"')}`, undefined, 200);
  await ask('POST', '/Users', person, 409);
});

await check('provisioning: operators see what it did, and try it out', async () => {
  // It is written each second.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const browser = await launch();
  try {
    const { page } = await visitor(browser);
    await page.goto(`${demo.issuer}/login`);
    await signIn(demo, page, operator);
    await page.goto(`${demo.issuer}/admin/clients`);
    await page.click('main a:text-is("tried")');
    const text = await page.textContent('main');
    for (const habit of ['Operations with capitals', 'True and false as texts', 'Paths as names', 'behind a filter', 'Messages without']) holds(text.includes(habit), `${habit} is not there`);
    for (const folded of await page.$$('main details:not([open]) > summary')) await folded.click();
    await look(page, true, 'service');
    await page.click('main a[href$="/tokens"]');
    await page.click('main a[href$="/tokens/new"]');
    await look(page, true, 'service-token-new');
    await page.fill('#name', 'An identity provider of Bank A');
    await page.click('main form button');
    await page.waitForSelector('#client-token-secret');
    await look(page, true, 'service-token-made');
    const fixed = await page.textContent('#client-token-secret');
    const answer = await fetch(`${scim}/Users?cursor&count=1`, { headers: { authorization: `Bearer ${fixed}`, accept: 'application/json' } });
    same([answer.status, answer.headers.get('content-type'), (await answer.json()).itemsPerPage], [200, 'application/json', 1], 'a request with the fixed token');
    await page.click('main .back a');
    await look(page, true, 'service-tokens');
    await page.click('main tbody a[href*="/tokens/"]');
    await page.click('main form button');
    holds((await page.textContent('main')).includes('was taken back'), 'taken back');
    same((await fetch(`${scim}/Users`, { headers: { authorization: `Bearer ${fixed}` } })).status, 401, 'the token that was taken back');
    await page.click('main .back a');
    await page.click('main a[href$="/requests"]');
    await look(page, true, 'service-requests');
    await page.selectOption('#which', 'failed');
    await page.click('main form.search button');
    // The newest first: the token that was taken back, then the second of one user name.
    same(await page.$$eval('tbody tr', (rows) => rows.map((row) => row.textContent.includes('uniqueness'))), [false, true], 'failed requests');
    await page.click('main p.back a, main .back a');
    await page.click('main form[action$="/self-test"] button');
    await page.waitForSelector('tbody tr');
    await look(page, true, 'service-self-test');
    same(await page.$$eval('tbody .badge.active', (rows) => rows.length), 9, 'steps as they should be');
  } finally {
    await browser.close();
  }
});

await check('provisioning: held to the letter, to addresses and to a day, it is refused', async () => {
  await atConsole(demo, 'client', 'change', 'tried', '--scim-tolerance', 'strict');
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const refused = await ask('PATCH', `/Users/${made.id}`, { schemas: [PATCH], Operations: [{ op: 'Replace', path: 'active', value: true }] }, 400);
  same(refused.scimType, 'invalidSyntax', 'scimType');
  // A token is signed for it.
  process.env.CHAMBERLAIN__KEYS__ENCRYPTION_KEY_FILE = join(demo.dir, 'encryption.key');
  const steps = await atConsole(demo, 'client', 'self-test', 'tried');
  same(steps.map((step) => step.outcome), Array(9).fill('passed'), 'self-test at the console');
  await atConsole(demo, 'client', 'change', 'tried', '--address', '192.0.2.0/24');
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  same((await ask('GET', '/Users', undefined, 403)).detail, 'not from here', 'detail');
  same((await fetchToken(service)).error, 'invalid_client', 'error of the token endpoint');
  await atConsole(demo, 'client', 'change', 'tried', '--address', 'any', '--valid-until', '2020-01-01');
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await ask('GET', '/Users', undefined, 401);
  const shown = await atConsole(demo, 'client', 'show', 'tried');
  holds(shown.lately.last_used_at && shown.lately.tolerated.length === 5, JSON.stringify(shown.lately));
  same((await atConsole(demo, 'client', 'requests', 'tried', '--failed')).some((one) => one.status === 403), true, 'the refusal in its requests');
});
