// The main job in a browser, once with JavaScript and once without: a customer's administrator
// creates a person, another gives access to IMAS, the person lands there with exactly that group,
// and loses it again.
import { readFile } from 'node:fs/promises';
import { account } from './lib/demo.mjs';
import { launch, signIn, signOut, visitor } from './lib/chromium.mjs';
import { codeIn, nextMessage, sent } from './lib/demo.mjs';
import { check, holds, same } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const has = (role) => (one) => one.roles.includes(role);
const [creates, grants] = [has('DelegatedUserAdmin'), has('ApplicationAccessAdmin')];
const dua = account(demo, 'DUA', (one) => creates(one) && !grants(one));
const daa = account(demo, 'DAA beside the DUA', (one) => grants(one) && !creates(one) && one.organisation === dua.organisation);

const browser = await launch();
for (const script of [true, false]) await story(script);
for (const script of [true, false]) await firstWay(script);
await browser.close();

// As somebody new comes: from the link in the mail to the first application, counted in pages that were shown.
async function firstWay(script) {
  const mode = script ? 'with JavaScript' : 'without JavaScript';
  const open = () => visitor(browser, { javaScriptEnabled: script });
  const [admin, access, newcomer] = [await open(), await open(), await open()];
  const person = {
    family: script ? 'Firstcomer' : 'Erstling',
    email: `nora.${script ? 'first' : 'erst'}@bank-a.example`,
    phone: `+4915199900${script ? '03' : '04'}`,
    password: 'violet harbour 71 lanterns',
  };
  await check(`story ${mode}: from the invitation mail to the first application in at most six screens`, async () => {
    await create(admin.page, person);
    await arrive(access.page, daa);
    await assign(access.page, person, true);
    const shown = [];
    newcomer.page.on('load', () => shown.push(new URL(newcomer.page.url()).pathname.replace(/(activate)\/.*/, '$1')));
    await activate(newcomer.page, person);
    await signIn(demo, newcomer.page, person);
    await newcomer.page.click('a.tile');
    same((await newcomer.page.locator('#groups').innerText()).trim(), 'IMAS_PORTAL_USER', 'groups in IMAS');
    holds(shown.length > 3 && shown.length <= 6, `${shown.length} screens: ${shown.join(', ')}`);
  });
  await Promise.all([admin, access, newcomer].map((one) => one.context.close()));
}

async function story(script) {
  const mode = script ? 'with JavaScript' : 'without JavaScript';
  const step = (name, body) => check(`story ${mode}: ${name}`, body);
  const open = () => visitor(browser, { javaScriptEnabled: script });
  const [admin, access, newcomer] = [await open(), await open(), await open()];
  const person = {
    // By the name they are found: whoever gives access does not see the address.
    family: script ? 'Newcomer' : 'Neuling',
    email: `nora.${script ? 'scripted' : 'plain'}@bank-a.example`,
    phone: `+4915199900${script ? '01' : '02'}`,
    password: 'violet harbour 71 lanterns',
  };
  // E32, E34, E41, E45: created in the portal.
  await step('the DUA signs in and creates a person', () => create(admin.page, person));
  // I17: by a link that works once.
  await step('the person activates the account by the mailed link', () => activate(newcomer.page, person));
  // E31, E50: nobody begins with access.
  await step('the person signs in and has no application yet', async () => {
    await arrive(newcomer.page, person);
    same(await newcomer.page.locator('.tile').count(), 0, 'tiles');
  });
  // E49, E52, E56: a membership opens it.
  await step('the DAA assigns IMAS_PORTAL_USER', async () => {
    await arrive(access.page, daa);
    await assign(access.page, person, true);
  });
  // E30, E57, E58: one tile, and the code of the group in the application.
  await step('My Apps shows one tile, and IMAS opens signed in with that group and no other', async () => {
    await newcomer.page.goto(demo.issuer);
    same(await newcomer.page.locator('.tile').count(), 1, 'tiles');
    await newcomer.page.click('a.tile');
    same((await newcomer.page.locator('#groups').innerText()).trim(), 'IMAS_PORTAL_USER', 'groups in IMAS');
    same(await newcomer.page.locator('#person').innerText(), `Nora ${person.family}`, 'name in IMAS');
  });
  // E60: taken away, it is gone at once.
  await step('the DAA removes the group: the next sign-in is refused and the tile is gone', async () => {
    const imas = new URL(newcomer.page.url()).origin;
    await assign(access.page, person, false);
    await newcomer.page.goto(`${imas}/login`);
    same(await newcomer.page.locator('#groups').count(), 0, 'IMAS let the person in');
    const refusal = await newcomer.page.locator('main').innerText();
    holds(refusal.toLowerCase().includes(daa.email.split('@')[0].replace('.', ' ')), `the refusal does not name the access administrator: ${refusal}`);
    await newcomer.page.goto(demo.issuer);
    same(await newcomer.page.locator('.tile').count(), 0, 'tiles');
  });
  await step('signing out ends the session', async () => {
    await signOut(demo, newcomer.page);
    await newcomer.page.goto(`${demo.issuer}/profile`);
    await newcomer.page.waitForSelector('#login-email');
  });
  await step('no violation of the content security policy', () =>
    same([admin, access, newcomer].flatMap((one) => one.violations), [], 'violations'));
  await Promise.all([admin, access, newcomer].map((one) => one.context.close()));
}

async function arrive(page, person) {
  await page.goto(`${demo.issuer}/`);
  await signIn(demo, page, person);
}

async function create(page, person) {
  await arrive(page, dua);
  await page.getByRole('link', { name: 'Users', exact: true }).click();
  await page.getByRole('link', { name: 'Create a new user' }).first().click();
  await page.getByLabel('First name').fill('Nora');
  await page.getByLabel('Last name').fill(person.family);
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Phone number').fill(person.phone);
  const mails = (await sent(demo, person.email)).length;
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForLoadState();
  holds(await page.getByText('The user has been created').count(), `not created: ${await page.locator('main').innerText()}`);
  person.invitation = await nextMessage(demo, person.email, mails);
}

async function activate(page, person) {
  const link = /https?:\/\/\S+\/activate\/[^\s<>"]+/.exec(person.invitation);
  holds(link, 'the invitation holds no link');
  await page.goto(link[0]);
  const seen = (await sent(demo, person.phone)).length;
  await page.click('#link-send');
  await page.waitForSelector('#new-password');
  await page.fill('input[autocomplete="one-time-code"]', codeIn(await nextMessage(demo, person.phone, seen)));
  await page.fill('#new-password', person.password);
  await page.click('#link-continue');
  await page.waitForSelector('#login-email');
}

async function assign(page, person, wanted) {
  await page.goto(`${demo.issuer}/admin/users?search=1&sub_levels=on&family_name=${person.family}`);
  holds(!(await page.content()).includes(person.email), 'an access administrator sees the address');
  await page.getByRole('link', { name: /^Assign memberships/ }).first().click();
  await page.getByRole('checkbox', { name: 'IMAS_PORTAL_USER' }).setChecked(wanted);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForLoadState();
  holds(await page.getByText('The memberships have been saved').count(), 'no confirmation');
}
