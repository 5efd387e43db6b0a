// The pages of the portal and of the examples: axe without findings in light and dark and in three languages, valid HTML, no
// horizontal scrolling at 320 CSS pixels, no violation of the content security policy; empty, filled and after a mistake;
// by keyboard alone; and what they weigh.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { account } from './lib/demo.mjs';
import { launch, signIn, visitor } from './lib/chromium.mjs';
import { assignByKeyboard, mistakeByKeyboard, signInByKeyboard } from './lib/keyboard.mjs';
import { problems } from './lib/markup.mjs';
import { check, holds, same } from './lib/report.mjs';
import { weigh } from './lib/weight.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Each page in each language, and in both colour schemes; contrast does not depend on the language. */
const LOOKS = [['en', 'light'], ['de', 'dark'], ['fr', 'light']];

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const shots = process.env.SCREENSHOTS;
if (shots) await mkdir(shots, { recursive: true });

const role = (name) => (one) => one.roles.includes(name);
const both = account(demo, 'account with both roles', (one) => role('DelegatedUserAdmin')(one) && role('ApplicationAccessAdmin')(one));
const operator = account(demo, 'operator', role('Operator'));
const user = account(demo, 'IMAS portal user', (one) => one.groups.includes('IMAS_PORTAL_USER') && one.roles.length === 0);
const nobody = account(demo, 'user without anything', (one) => one.groups.length === 0 && one.roles.length === 0);
const access = account(demo, 'access administrator', (one) => role('ApplicationAccessAdmin')(one) && !role('DelegatedUserAdmin')(one));
const { IMAS_URL: imas, CASPER_URL: casper } = process.env;
const casperAdmin = account(demo, 'CASPER web user administrator', (one) => one.groups.includes('CASPER_WEB_USER_ADMIN'));

const first = (list, pattern, tail = '') => ({ list, pattern, tail });
const USER = /^\/admin\/users\/[0-9a-f-]{36}/;
const someUser = (tail) => first('/admin/users?search=1&email=nina', USER, tail);
const someLevel = (tail) => first('/admin/levels?q=Frankfurt', /^\/admin\/levels\/[0-9a-f-]{36}/, tail);
const someApplication = (tail) => first('/admin/applications', /^\/admin\/applications\/[0-9a-f-]{36}/, tail);
const someClient = (tail) => first('/admin/clients', /^\/admin\/clients\/[0-9a-f-]{36}/, tail);
const within = (pattern, tail) => ({ ...someApplication(''), then: pattern, tail });

const visits = [
  [null, ['/login', '/recover', '/help', '/help/administrators', '/privacy', '/accessibility', '/dev/messages', '/nothing-here']],
  [nobody, ['/', '/access', '/history']],
  [user, ['/', '/profile', '/security', '/login/step-up', '/sessions', first('/sessions', /^\/sessions\/[0-9a-f-]{36}$/), '/permissions', '/history', '/data', '/access']],
  [both, [
    '/admin/users', '/admin/users?search=1&family_name=zzz', '/admin/users?search=1&sub_levels=on&status=deleted', '/admin/users/new',
    '/admin/scope', '/admin/roles', '/admin/audit', someUser(''), someUser('/edit'), someUser('/memberships'), someUser('/why'), someUser('/scope'), someUser('/deputy'), '/admin/deputies', '/tasks/recertification', someUser('/move'), someUser('/delete'), someUser('/deactivate'), someUser('/factors'), '/admin/users/import', '/tokens', '/tokens/new', '/access', '/logout',
  ]],
  [access, ['/admin/users', first('/admin/users', USER), '/admin/scope']],
  [operator, [
    '/admin/levels', '/admin/levels?q=zzz', '/admin/levels/new', '/admin/levels/register', '/admin/levels/register/new?name=City', '/admin/invitations', '/admin/invitations/new', '/tasks/validations',
    '/admin/modules', someLevel(''), someLevel('/why'), someLevel('/users'), someLevel('/classification'), someLevel('/edit'), someLevel('/sign-in'), someLevel('/move'), someLevel('/status'),
    '/admin/applications', '/admin/applications/new', someApplication(''), someApplication('/edit'), someApplication('/module'),
    within(/\/environments\/[0-9a-f-]{36}$/, ''), within(/\/environments\/[0-9a-f-]{36}$/, '/delete'),
    within(/\/groups\/[0-9a-f-]{36}$/, ''), within(/\/groups\/[0-9a-f-]{36}$/, '/delete'),
    '/admin/clients', '/admin/clients/new', '/admin/clients/registration', '/admin/clients/registration/new', someClient(''), someClient('/status'), '/admin/audit', '/admin/audit?until=2001-01-01',
  ]],
];

/** Pages with a form, what is changed in it, and the button that sends it: the answer shows what is wrong. */
const mistakes = [
  [null, '/login', {}, '#login-continue'],
  [both, '/admin/users/new', { '#email': 'nonsense' }, 'button[value=save]'],
  [both, someUser('/edit'), { '#given_name': '' }, 'main form button'],
  [both, someUser('/delete'), {}, 'main button.danger'],
  [operator, '/admin/levels/new', { '#country': 'X1', '#name': 'X' }, 'main form button'],
  [operator, '/admin/applications/new', {}, 'main form button'],
  [operator, '/admin/clients/new', { '#origins': 'nonsense' }, 'main form button'],
  [operator, someClient(''), { '#redirects': 'ftp://x' }, 'main form button'],
];

const browser = await launch();
const people = new Map();
for (const [person, paths] of visits) {
  const at = await visitorOf(person);
  for (const path of paths) await visit(at, path);
}
for (const [person, path, values, button] of mistakes) await mistake(await visitorOf(person), path, values, button);
const examples = [
  ['IMAS', imas, user, ['/', '/processes', '/messages', '/terms']],
  ['IMAS', imas, access, ['/', '/useradmin/', first('/useradmin/', /^\/useradmin\/(?!export)[^?]+$/)]],
  ['CASPER', casper, user, ['/', '/terms']],
  ['CASPER', casper, casperAdmin, ['/']],
];
for (const [name, origin, person, paths] of examples) if (origin) await visitExample(name, origin, person, paths);
await keyboard();
await weight();
for (const { violations } of people.values()) await check('pages: the content security policy holds', () => same(violations, [], 'violations'));
await browser.close();

/** A browser in which somebody has signed in; the same one for all pages of that person. */
async function visitorOf(person) {
  const key = person?.email ?? '';
  if (!people.has(key)) {
    const fresh = await visitor(browser);
    people.set(key, fresh);
    if (person) {
      await check(`pages: ${person.email} signs in`, async () => {
        await fresh.page.goto(`${demo.issuer}/`);
        await signIn(demo, fresh.page, person);
      });
    }
  }
  return people.get(key);
}

/** The address of a page; of one that stands for many, found by following a list. */
async function addressOf(page, path, origin) {
  if (typeof path === 'string') return origin + path;
  const follow = async (at, pattern) => {
    await page.goto(at);
    const hrefs = await page.locator('main a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    const found = hrefs.map((href) => pattern.exec(href ?? '')).find(Boolean);
    if (!found) throw new Error(`no link like ${pattern} at ${at}`);
    return pattern.source.endsWith('$') ? found.input : found[0];
  };
  const one = await follow(origin + path.list, path.pattern);
  const two = path.then ? await follow(origin + one, path.then) : one;
  return origin + two + path.tail;
}

/** The name of an address in file names. */
function fileOf(address) {
  return address.replace(/^https?:\/\/[^/]+/, '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id').replaceAll(/[^a-z]+/g, '-');
}

function inLanguage(address, language) {
  return `${address}${address.includes('?') ? '&' : '?'}ui_locales=${language}`;
}

async function visit({ page }, path) {
  let address;
  await check(`pages: ${typeof path === 'string' ? path : `${path.list} → ${path.then ?? ''}${path.tail}`}`, async () => {
    address = await addressOf(page, path, demo.issuer);
    for (const [language, colorScheme] of LOOKS) {
      await page.emulateMedia({ colorScheme });
      const answer = await page.goto(inLanguage(address, language));
      holds(answer.status() < 400 || address.endsWith('/nothing-here'), `status ${answer.status()}`);
      same(await page.locator('html').getAttribute('lang'), language, 'language');
      if (colorScheme === 'light') {
        same(await problems(await answer.text()), [], `HTML in ${language}`);
        await reflows(page, `${fileOf(address)}-${language}`);
      }
      await axe(page, `${fileOf(address)}-${language}-${colorScheme}`);
    }
  });
}

async function mistake({ page }, path, values, button) {
  await check(`pages after a mistake: ${typeof path === 'string' ? path : path.tail || path.list}`, async () => {
    const address = await addressOf(page, path, demo.issuer);
    for (const [language, colorScheme] of [['en', 'light'], ['de', 'dark']]) {
      await page.emulateMedia({ colorScheme });
      await page.goto(inLanguage(address, language));
      for (const [field, value] of Object.entries(values)) {
        // A field may be folded away.
        await page.locator(field).evaluate((one, text) => (one.value = text), value);
      }
      // What is wrong is said by the server, also where a browser would say it before.
      await page.locator('main form').evaluateAll((forms) => forms.forEach((form) => (form.noValidate = true)));
      await page.locator(button).first().click();
      await page.waitForSelector('#problem');
      same(await page.evaluate(() => document.activeElement.id), 'problem', 'the focus');
      holds((await page.locator('#problem a').count()) > 0, 'the summary links to the fields');
      const dead = await page.locator('#problem a').evaluateAll((links) => links.map((link) => link.getAttribute('href')).filter((href) => !document.getElementById(href.slice(1))));
      same(dead, [], 'links of the summary that lead nowhere');
      await axe(page, `${fileOf(address)}-mistake-${language}-${colorScheme}`);
      await reflows(page, `${fileOf(address)}-mistake-${language}`);
    }
  });
}

async function visitExample(name, origin, person, paths) {
  const { context, page, violations } = await visitor(browser);
  await page.goto(`${origin}/`);
  await check(`pages of ${name}: ${person.email} signs in`, () => signIn(demo, page, person));
  for (const path of paths) {
    await check(`pages of ${name}: ${typeof path === 'string' ? path : 'one account'}`, async () => {
      const address = await addressOf(page, path, origin);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        const answer = await page.goto(address);
        holds(answer.status() < 400, `status ${answer.status()}`);
        await axe(page, `${name}${fileOf(address)}-${colorScheme}`);
        if (colorScheme === 'light') {
          same(await problems(await answer.text()), [], 'HTML');
          await reflows(page, `${name}${fileOf(address)}`);
        }
      }
    });
  }
  await check(`pages of ${name}: the content security policy holds`, () => same(violations, [], 'violations'));
  await context.close();
}

/** No horizontal scrolling at 320 CSS pixels, which is 1280 at 400 % (WCAG 1.4.10). */
async function reflows(page, name) {
  await page.setViewportSize({ width: 320, height: 640 });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (shots) await page.screenshot({ path: join(shots, `narrow${name}.png`), fullPage: true });
  await page.setViewportSize({ width: 1280, height: 900 });
  holds(wider <= 0, `${wider} px wider than 320 px`);
}

async function axe(page, name) {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  // In the page itself, without a second one for each answer: none of ours has a frame.
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).withTags(TAGS).setLegacyMode().analyze();
  const told = violations.map((one) => `${one.id} at ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')}`);
  same(told, [], 'axe');
}

async function keyboard() {
  const { context, page } = await visitor(browser);
  await check('keyboard: signing in', async () => {
    await page.goto(`${demo.issuer}/`);
    await signInByKeyboard(demo, page, both);
  });
  await check('keyboard: a mistake, and the way from the summary to the field', () => mistakeByKeyboard(page, `${demo.issuer}/admin/users/new`, 'Save'));
  await check('keyboard: assigning a membership', async () => {
    const address = await addressOf(page, someUser('/memberships'), demo.issuer);
    await assignByKeyboard(page, address, 'IMAS_PORTAL_USER');
    await assignByKeyboard(page, address, 'IMAS_PORTAL_USER');
  });
  await context.close();
}

async function weight() {
  await check('weight: sign-in within 25 kB, and nobody else asked', async () => {
    const { bytes, foreign } = await weigh(browser, `${demo.issuer}/login`);
    same(foreign, [], 'other origins');
    holds(bytes <= 25_000, `${bytes} bytes`);
    console.log(`      ${bytes} bytes`);
  });
  await check('weight: Users within 60 kB', async () => {
    const cookies = await (await visitorOf(both)).context.cookies();
    const { bytes, foreign } = await weigh(browser, `${demo.issuer}/admin/users`, cookies);
    same(foreign, [], 'other origins');
    holds(bytes <= 60_000, `${bytes} bytes`);
    console.log(`      ${bytes} bytes`);
  });
}
