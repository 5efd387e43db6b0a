// PyPI scim2-server as it is, as the SCIM server of an application: an operator says where it is, looks what would be sent and lets it go;
// memberships, blocks and endings reach it within seconds, and what somebody changed there is put right.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { launch, signIn, visitor } from './lib/chromium.mjs';
import { account, answers, atConsole, end, freePort } from './lib/demo.mjs';
import { look } from './lib/look.mjs';
import { check, holds, same, soon } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const operator = account(demo, 'operator', (one) => one.roles.includes('Operator'));
const GROUP = 'CASPER_WEB_DATA_SUBMITTER';
const member = account(demo, 'member', (one) => one.groups.includes(GROUP));
const TOKEN = randomBytes(24).toString('hex');
const port = await freePort();
const base = `http://127.0.0.1:${port}/v2`;
const program = join(dirname(process.env.PYTHON ?? 'target/clients-venv/bin/python'), 'scim2-server');
const server = spawn(program, ['--port', String(port), '--bearer-token', TOKEN], { stdio: ['ignore', 'ignore', 'ignore'] });
const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' };

async function ask(method, path, body) {
  const answer = await fetch(`${base}${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  holds(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

/** People and groups as they are there, by name. */
async function held() {
  const people = new Map((await ask('GET', '/Users?count=1000')).Resources.map((one) => [one.userName, one]));
  const groups = new Map((await ask('GET', '/Groups?count=1000')).Resources.map((one) => [one.displayName, one.members ?? []]));
  return { people, groups };
}

let browser;
try {
  await answers(`${base}/ServiceProviderConfig`, server, 'scim2-server').catch(() => undefined);
  browser = await launch();
  const { page } = await visitor(browser);
  await page.goto(`${demo.issuer}/login`);
  await signIn(demo, page, operator);

  await check('push: an operator says where and how, and nothing is sent yet', async () => {
    await page.goto(`${demo.issuer}/admin/clients`);
    await page.click('main a:text-is("casper")');
    await page.click('main a[href$="/push"]');
    await look(page, true);
    await page.fill('#url', base);
    await page.fill('#token', TOKEN);
    await page.click('main form button:not([class])');
    holds((await page.textContent('main')).includes('nothing is pushed'), 'it is not paused');
    await look(page, true);
    same((await held()).people.size, 0, 'people there');
  });

  await check('push: what would be sent is shown, and nothing is written', async () => {
    await page.click('main a[href$="/preview"]');
    const text = await page.textContent('main');
    holds(text.includes(member.email) && text.includes(GROUP) && text.includes('missing'), text);
    await look(page, true);
    same((await held()).people.size, 0, 'people there');
    await page.goBack();
  });

  await check('push: whoever could sign in is there, in their groups', async () => {
    await page.click('main form button:not([class])');
    await soon('nobody is there', async () => (await held()).groups.get(GROUP)?.length > 0, 20_000);
    const { people, groups } = await held();
    const one = people.get(member.email);
    same([one.active, one.emails[0].value, one.name.familyName.length > 0], [true, member.email, true], 'the person');
    same(groups.get(GROUP).some((other) => other.value === one.id), true, 'the membership');
    const expected = demo.accounts.filter((other) => other.groups.some((code) => code.startsWith('CASPER_'))).map((other) => other.email);
    same([...people.keys()].sort(), expected.sort(), 'the people');
    await page.reload();
    await look(page, true);
  });

  await check('push: a membership that ends ends there, and comes back', async () => {
    const id = (await held()).people.get(member.email).id;
    const there = async () => (await held()).groups.get(GROUP).some((one) => one.value === id);
    await atConsole(demo, 'user', 'unassign', member.email, GROUP);
    await soon('the membership stays', async () => !(await there()), 20_000);
    await atConsole(demo, 'user', 'assign', member.email, GROUP);
    await soon('the membership does not come back', there, 20_000);
    same((await held()).people.get(member.email).active, true, 'active');
  });

  await check('push: what was changed there is put right when everything is compared', async () => {
    const { people } = await held();
    const one = people.get(member.email);
    await ask('DELETE', `/Users/${one.id}`);
    await ask('POST', '/Users', { schemas: one.schemas, userName: 'local-admin', active: true });
    await page.click('main a[href$="/retry"]');
    await look(page, true);
    await page.click('main form button');
    await soon('the person does not come back', async () => (await held()).people.has(member.email), 20_000);
    await soon('not compared', async () => {
      await page.reload();
      return (await page.textContent('main')).includes('not ours');
    }, 20_000);
    same((await held()).people.has('local-admin'), true, 'an account that is not ours');
    await look(page, true);
  });

  await check('push: ended, nothing is sent any more, and who was brought stays', async () => {
    await page.click('main a[href$="/remove"]');
    await look(page, true);
    await page.click('main form button');
    await atConsole(demo, 'user', 'unassign', member.email, GROUP);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const { people, groups } = await held();
    const { id } = people.get(member.email);
    same(groups.get(GROUP).some((one) => one.value === id), true, 'the membership there');
    await atConsole(demo, 'user', 'assign', member.email, GROUP);
  });
} finally {
  await browser?.close();
  await end(server);
}
