// The main pages of the portal and of the examples: axe without findings in light and dark, no
// horizontal scrolling at 320 CSS pixels, no violation of the content security policy.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { account } from './lib/demo.mjs';
import { launch, signIn, visitor } from './lib/chromium.mjs';
import { check, holds, same } from './lib/report.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const shots = process.env.SCREENSHOTS;
if (shots) await mkdir(shots, { recursive: true });

const role = (name) => (one) => one.roles.includes(name);
const both = account(demo, 'account with both roles', (one) => role('DelegatedUserAdmin')(one) && role('ApplicationAccessAdmin')(one));
const operator = account(demo, 'operator', role('Operator'));
const user = account(demo, 'IMAS portal user', (one) => one.groups.includes('IMAS_PORTAL_USER'));
const imas = process.env.IMAS_URL;

const visits = [
  [null, ['/login', '/recover', '/help', '/privacy', '/accessibility', '/dev/messages', '/nothing-here']],
  [both, ['/', '/profile', '/security', '/sessions', '/history', '/access', '/admin/users', '/admin/users/new', '/admin/scope', firstUser(''), firstUser('/edit'), firstUser('/memberships'), firstUser('/delete')]],
  [operator, ['/admin/levels', '/admin/applications', '/admin/clients', '/admin/audit']],
];

const browser = await launch();
for (const colorScheme of ['light', 'dark']) {
  for (const [person, paths] of visits) await visit(person, paths, colorScheme);
  if (imas) await visit(user, ['/', '/processes'].map((path) => imas + path), colorScheme, imas);
}
await browser.close();

/** The path of a page of the first person in the list, found out when it is needed. */
function firstUser(tail) {
  return async (page) => {
    await page.goto(`${demo.issuer}/admin/users?search=1`);
    const hrefs = await page.locator('tbody a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    const user = hrefs.map((href) => /^\/admin\/users\/[^/?]+/.exec(href)?.[0]).find(Boolean);
    return user + tail;
  };
}

async function visit(person, paths, colorScheme, start = `${demo.issuer}/`) {
  const { context, page, violations } = await visitor(browser, { colorScheme });
  if (person) {
    await page.goto(start);
    const arrived = await check(`pages ${colorScheme}: sign-in`, async () => {
      await signIn(demo, page, person);
      return true;
    });
    if (!arrived) return;
  }
  for (const path of paths) {
    const shown = typeof path === 'string' ? path : await path(page).catch(() => '/admin/users/?');
    await check(`pages ${colorScheme}: ${shown.replace(/[0-9a-f-]{36}/, '{id}')}`, async () => {
      const answer = await page.goto(new URL(shown, demo.issuer).href);
      holds(answer.status() < 500 && (answer.status() < 400 || shown === '/nothing-here'), `status ${answer.status()}`);
      await axe(page, `${shown.replaceAll(/[^a-z]+/g, '-')}-${colorScheme}`);
      await page.setViewportSize({ width: 320, height: 640 });
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (shots && colorScheme === 'light') await page.screenshot({ path: join(shots, `narrow${shown.replaceAll(/[^a-z]+/g, '-')}.png`), fullPage: true });
      await page.setViewportSize({ width: 1280, height: 900 });
      holds(wider <= 0, `${wider} px wider than 320 px`);
    });
  }
  await check(`pages ${colorScheme}: content security policy holds`, () => same(violations, [], 'violations'));
  await context.close();
}

async function axe(page, name) {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const told = violations.map((one) => `${one.id} at ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')}`);
  same(told, [], 'axe');
}
