// The example applications in a browser: an access administrator gives permissions in IMAS, and CASPER divides its collections
// among people of one organisation. With a demo and applications of their own, for it matters who signs in first.
import { account, startDemo } from './lib/demo.mjs';
import { launch, signIn, visitor } from './lib/chromium.mjs';
import { startExamples } from './lib/examples.mjs';
import { forgeries } from './lib/forged.mjs';
import { check, holds, same, soon } from './lib/report.mjs';

const COLUMNS = ['Name', 'Last name', 'Email', 'Created', 'Last Modified', 'Institution', 'Process type(s)'];

const demo = await startDemo();
const applications = await startExamples(demo);
const browser = await launch();
const visitors = [];
try {
  await imas(applications.imas);
  await casper(applications.casper, applications.casperPreProduction);
  await check('examples: the content security policy holds', () => same(visitors.flatMap((one) => one.violations), [], 'violations'));
} finally {
  await browser.close();
  await applications.stop();
  await demo.stop();
}

/** A browser of somebody of the demo. */
async function as(name) {
  const person = account(demo, name, (one) => one.email.startsWith(name));
  const own = await visitor(browser);
  visitors.push(own);
  return { ...own, person };
}

/** Opens an address and signs in where that is asked for. */
async function open({ page, person }, address) {
  const answer = await page.goto(address);
  if (await page.locator('#login-email').count()) await signIn(demo, page, person);
  return answer;
}

/** What stands in the cells of each row of the list. */
function rows(page) {
  return page.locator('main table tbody tr').evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.innerText.trim())));
}

async function texts(places) {
  return (await places.allInnerTexts()).map((text) => text.trim());
}

function navigation(page) {
  return texts(page.locator('nav[aria-label=Main] a'));
}

async function imas(origin) {
  const step = (name, body) => check(`examples, IMAS: ${name}`, body);
  const [anna, fred, paul] = [await as('anna'), await as('fred'), await as('paul')];
  const { page } = anna;

  // E77: the deep link survives the redirect to the sign-in.
  await step('an access administrator who follows the link to Manage Users lands there after signing in', async () => {
    await open(anna, `${origin}/useradmin/`);
    same(page.url(), `${origin}/useradmin/`, 'address');
    same((await rows(page)).map((cells) => cells[0]), ['Anna'], 'accounts before anybody else has signed in');
  });
  // E75, E83: who is signed in stands on the page; the menu and the answer follow the role in the claims.
  await step('only an access administrator has Manage Users', async () => {
    await open(fred, `${origin}/`);
    same(await fred.page.locator('#person').innerText(), 'Fred Perry', 'who is signed in');
    same(await navigation(fred.page), ['Home', 'My Processes', 'All Messages'], 'navigation of a user');
    same((await fred.page.goto(`${origin}/useradmin/`)).status(), 403, 'status for a user');
    same(await page.locator('#person').innerText(), 'Anna Berg', 'who is signed in');
    same(await navigation(page), ['Home', 'My Processes', 'All Messages', 'Manage Users'], 'navigation of an administrator');
  });
  // E76, E78: the first sign-in has made the account; a refresh shows it. Nobody of another organisation is listed.
  await step('the first sign-in makes an account, which a refresh shows', async () => {
    await open(paul, `${origin}/`);
    await page.reload();
    same((await rows(page)).map((cells) => cells[0]).sort(), ['Anna', 'Fred'], 'accounts');
  });
  // E81: the columns; the range and the total stand below.
  await step('the list has its columns', async () => {
    same(await texts(page.locator('main thead th')), COLUMNS, 'columns');
    const [given, family, email, created, modified, institution, processes] = (await rows(page)).find((cells) => cells[0] === 'Fred');
    same([given, family, email, institution, processes], ['Fred', 'Perry', fred.person.email, 'Bank A', 'none'], 'what is told of Fred');
    for (const day of [created, modified]) holds(/^\d\d [A-Z][a-z]+ \d{4}$/.test(day), `no day: ${day}`);
    same(await page.locator('#range').innerText(), 'Items 1 - 2 of 2', 'range');
  });
  // E80: the export holds what the list holds, and "+ New User" leads to the portal, where people are created.
  await step('the list is exported as CSV', async () => {
    const href = await page.getByRole('link', { name: 'Export as CSV' }).getAttribute('href');
    const answer = await anna.context.request.get(new URL(href, origin).href);
    holds(answer.headers()['content-type'].startsWith('text/csv'), 'no CSV');
    const lines = (await answer.text()).trim().split('\r\n').map((line) => line.split(','));
    same(lines, [COLUMNS, ...(await rows(page)).map((cells) => cells.map((cell) => (cell === 'none' ? '' : cell)))], 'lines');
    same(await page.getByRole('link', { name: '+ New User' }).getAttribute('href'), `${demo.issuer}/admin/users/new`, 'New User');
  });
  // E79, E85: from the list to the person, with initials and organisation.
  await step('an account is opened from the list', async () => {
    await page.getByRole('link', { name: 'Fred' }).click();
    same(await page.locator('h1').innerText(), 'Fred Perry user details', 'heading');
    same(await page.locator('.initials').innerText(), 'FP', 'initials');
    holds((await page.locator('.who').innerText()).includes('Bank A'), 'the organisation is not told');
  });
  // E86–E89: process types × institutions with country and identifier; nothing is allowed at first; 23 institutions, by pages.
  await step('permissions are by process type and institution, and none at first', async () => {
    same(await texts(page.locator('nav[aria-label="Process types"] a')), ['Fit and Proper', 'Licensing', 'Qualifying Holdings'], 'process types');
    same((await texts(page.locator('main tbody th')))[0], 'bank_01 (FI - LE11)', 'institution');
    same(await texts(page.locator('#p-bank_01 option')), ['No access', 'Read', 'Read and write', 'Read, write and submit'], 'permissions');
    same(await chosen(page), Array(8).fill('none'), 'permissions at first');
    same(await page.locator('#range').innerText(), 'Items 1 - 8 of 23', 'range');
    await page.getByRole('link', { name: 'Next' }).click();
    same(await page.locator('#range').innerText(), 'Items 9 - 16 of 23', 'range of the second page');
    await page.getByRole('link', { name: 'Show all' }).click();
    same(await chosen(page), Array(23).fill('none'), 'permissions at all institutions');
  });
  const address = page.url().split('?')[0];
  // E91: Cancel leaves everything as it was, Save keeps it.
  await step('Cancel discards, Save commits', async () => {
    await page.goto(address);
    await page.selectOption('#p-bank_01', 'submit');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.goto(address);
    same(await page.inputValue('#p-bank_01'), 'none', 'after Cancel');
    await page.selectOption('#p-bank_01', 'write');
    await page.getByRole('button', { name: 'Save' }).click();
    holds(await page.getByText('The permissions have been saved').count(), 'nothing says that it was saved');
    await page.goto(address);
    same(await chosen(page), ['write', ...Array(7).fill('none')], 'after Save');
  });
  // E59, E87: the group only opens IMAS, what can be done there is decided there: one value for every institution on the page, of one process type only.
  await step('one permission is set at every institution of the page', async () => {
    await page.getByRole('link', { name: 'Licensing' }).click();
    await page.selectOption('select[name=set_all]', 'read');
    await page.getByRole('button', { name: 'Save' }).click();
    same(await chosen(page), Array(8).fill('read'), 'Licensing, first page');
    await page.getByRole('link', { name: 'Next' }).click();
    same(await chosen(page), Array(8).fill('none'), 'Licensing, second page');
    await page.goto(address);
    same(await chosen(page), ['write', ...Array(7).fill('none')], 'Fit and Proper');
    await page.goto(`${origin}/useradmin/`);
    same((await rows(page)).find((cells) => cells[0] === 'Fred')[6], 'Fit and Proper, Licensing', 'process types in the list');
  });
  // E90: the person sees it after a refresh, without signing in again.
  await step('the person sees the permissions after a refresh', async () => {
    await fred.page.goto(`${origin}/processes`);
    const seen = (await rows(fred.page)).map((cells) => cells.join(' / '));
    same([seen[0], seen.length], ['Fit and Proper / bank_01 / Read and write', 9], 'permissions');
  });
  // E84: the version and the terms stand below every page.
  await step('the footer tells version and terms', async () => {
    holds(/^Version \d+\.\d+\.\d+ /.test(await page.locator('footer').innerText()), 'no version');
    await page.getByRole('link', { name: 'Terms and conditions' }).click();
    same(await page.locator('h1').innerText(), 'Terms and conditions', 'heading');
  });
}

/** The permissions chosen in the form, from top to bottom. */
function chosen(page) {
  return page.locator('select[name=permission]').evaluateAll((all) => all.map((one) => one.value));
}

async function casper(production, preProduction) {
  const step = (name, body) => check(`examples, CASPER: ${name}`, body);
  const [operator, owner, nina, dora, fred, lea] = await Promise.all(['olga', 'bruno', 'nina', 'dora', 'fred', 'lea'].map(as));

  // C02, C07: a client, a tile and groups for each environment; a group of one says nothing in the other.
  await step('each environment has its own tile and its own groups', async () => {
    await open(fred, `${demo.issuer}/login`);
    await fred.page.goto(demo.issuer);
    for (const [title, group, origin] of [['CASPER', 'CASPER_WEB_DATA_SUBMITTER', production], ['CASPER Pre-Production', 'A-CASPER_WEB_DATA_SUBMITTER', preProduction]]) {
      await fred.page.goto(demo.issuer);
      const tile = fred.page.locator('a.tile').filter({ has: fred.page.getByText(title, { exact: true }) });
      same(await tile.count(), 1, `tiles ${title}`);
      await tile.click();
      same([new URL(fred.page.url()).origin, await fred.page.locator('#groups').innerText()], [origin, group], title);
    }
    await open(lea, `${production}/`);
    same(await lea.page.locator('#groups').innerText(), 'CASPER_WEB_DATA_SUBMITTER', 'groups of somebody of production');
    await lea.page.goto(`${preProduction}/`);
    same(await lea.page.locator('#groups').count(), 0, 'pre-production let somebody of production in');
  });
  await step('memberships are given in the portal', async () => {
    await assign(operator, 'Costa', 'CASPER_WEB_DATA_SUBMITTER');
    await assign(owner, 'Petit', 'CASPER_WEB_USER_ADMIN');
    await assign(owner, 'Roux', 'CASPER_WEB_USER_ADMIN');
  });
  // C13: without a collection a web user administrator is dormant.
  await step('a web user administrator without a collection manages nobody', async () => {
    for (const one of [nina, dora]) {
      await open(one, `${production}/`);
      same(await one.page.locator('#dormant').count(), 1, 'notes');
      same((await one.page.goto(`${production}/useradmin/`)).status(), 403, 'status');
    }
  });
  // C14: submitting takes an assigned collection.
  await step('a data submitter without a collection submits nothing', async () => {
    await fred.page.goto(`${production}/`);
    same([await fred.page.locator('#nothing-assigned').count(), await fred.page.locator('main form').count()], [1, 0], 'notes and forms');
  });
  // C12, C13: the owner assigns to people of the same organisation, and to no others.
  await step('the owner assigns a collection to an administrator of the same organisation', async () => {
    await open(owner, `${production}/useradmin/`);
    same((await texts(owner.page.locator('legend'))).sort(), ['Dora Roux', 'Fred Perry', 'Nina Petit'], 'people');
    await give(owner.page, 'Nina Petit', 'AnaCredit');
  });
  // C12–C14: an administrator hands on what they hold, to another administrator and to a submitter, and nothing more.
  await step('an administrator assigns the collection that they hold', async () => {
    await nina.page.goto(`${production}/useradmin/`);
    same([...new Set(await texts(nina.page.locator('fieldset label')))], ['AnaCredit'], 'collections to assign');
    await give(nina.page, 'Dora Roux', 'AnaCredit');
    await give(nina.page, 'Fred Perry', 'AnaCredit');
    same((await dora.page.goto(`${production}/useradmin/`)).status(), 200, 'status for the second administrator');
  });
  // C14: the assigned collection and no other can be submitted to.
  await step('a data submitter submits for the assigned collection only', async () => {
    await fred.page.goto(`${production}/`);
    same(await texts(fred.page.locator('select[name=collection] option')), ['AnaCredit'], 'collections');
    await fred.page.getByRole('button', { name: 'Submit' }).click();
    holds(await fred.page.getByText('Your report has been submitted').count(), 'nothing says that it was submitted');
    await fred.page.locator('select[name=collection] option').evaluate((one) => (one.value = 'Securities holdings'));
    const answer = fred.page.waitForResponse((one) => one.request().method() === 'POST');
    await fred.page.getByRole('button', { name: 'Submit' }).click();
    same((await answer).status(), 403, 'status for another collection');
  });
  // E90: a group that is given is there on the next page; nobody signs in again.
  await step('a group that is given reaches the application without a new sign-in', async () => {
    await assign(owner, 'Perry', 'CASPER_WEB_USER_ADMIN');
    await soon('the application was not told of the group', async () => {
      await fred.page.goto(`${production}/`);
      return (await fred.page.locator('#groups').innerText()).includes('CASPER_WEB_USER_ADMIN');
    });
  });
  // OA-35, Back-Channel Logout 1.0 §2.6, RFC 8935 §2.3: what the provider has not made for this is refused and ends nothing.
  await step('forged and foreign tokens end no session', async () => {
    const left = await lea.context.request.get(`${production}/logout`, { maxRedirects: 0 });
    const idToken = new URL(left.headers().location).searchParams.get('id_token_hint');
    holds(idToken, 'no ID token');
    const clients = demo.clients.filter((one) => one.application === 'CASPER' && one.environment === 'production');
    for (const { what, logout, event } of await forgeries(demo, clients[0].client_id, idToken)) {
      const form = new URLSearchParams({ logout_token: logout });
      same((await fetch(`${production}/backchannel-logout`, { method: 'POST', body: form })).status, 400, `${what}: logout`);
      const headers = { 'content-type': 'application/secevent+jwt' };
      const answer = await fetch(`${production}/security-events`, { method: 'POST', headers, body: event });
      same([answer.status, (await answer.json()).err], [400, 'invalid_request'], `${what}: event`);
    }
    await fred.page.goto(`${production}/`);
    same(await fred.page.locator('#groups').count(), 1, 'still signed in');
  });
  // E60: whoever signs out in the portal is signed out of the applications.
  await step('signing out in the portal ends the session of the application', async () => {
    await fred.page.goto(`${demo.issuer}/logout`);
    holds((await texts(fred.page.locator('#logout-told li'))).includes('CASPER'), 'the page does not say that CASPER is told');
    await fred.page.locator('#logout-confirm').click();
    await soon('the session of the application goes on', async () => {
      await fred.page.goto(`${production}/`);
      return fred.page.locator('#login-email').count();
    });
  });
  // E60: likewise for what an administrator does to the account.
  await step('an account that is switched off is signed out of the application', async () => {
    await dora.page.goto(`${production}/`);
    same(await dora.page.locator('#groups').count(), 1, 'signed in before');
    await open(operator, `${demo.issuer}/admin/users?search=1&sub_levels=on&family_name=Roux`);
    const hrefs = await operator.page.locator('main a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    const user = hrefs.map((href) => /^\/admin\/users\/[0-9a-f-]{36}/.exec(href ?? '')).find(Boolean)[0];
    await operator.page.goto(`${demo.issuer}${user}/deactivate`);
    await operator.page.fill('#reason', 'Has left');
    await operator.page.locator('main form button').first().click();
    await soon('the session of the application goes on', async () => {
      await dora.page.goto(`${production}/`);
      return dora.page.locator('#login-email').count();
    });
  });
}

/** Gives somebody a group in the portal. */
async function assign(by, family, group) {
  await open(by, `${demo.issuer}/admin/users?search=1&sub_levels=on&family_name=${family}`);
  await by.page.getByRole('link', { name: /^Assign memberships/ }).first().click();
  await by.page.getByRole('checkbox', { name: new RegExp(`(^| )${group}( |$)`) }).check();
  await by.page.getByRole('button', { name: 'Save', exact: true }).click();
  await by.page.waitForLoadState();
  holds(await by.page.getByText('The memberships have been saved').count(), `no confirmation: ${await by.page.locator('main').innerText()}`);
}

/** Ticks a collection of somebody in CASPER. */
async function give(page, name, collection) {
  const form = page.locator('form', { has: page.locator('legend', { hasText: name }) });
  await form.getByLabel(collection).check();
  await form.getByRole('button', { name: 'Save' }).click();
  holds(await page.getByText('The data collections have been saved').count(), 'nothing says that it was saved');
}
