// The participant portal in a browser, with and without JavaScript, as the demo of that profile tells people to try it: somebody
// new is nominated by address, makes an account and has the role; a signatory is assigned; a revocation is asked for and
// answered; the project is carried to its end. Every page on the way: axe, valid HTML, 320 pixels, the content security policy.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { launch, signIn, visitor } from './lib/chromium.mjs';
import { codeIn, nextMessage, sent, startDemo } from './lib/demo.mjs';
import { problems } from './lib/markup.mjs';
import { check, holds, same } from './lib/report.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const shots = process.env.SCREENSHOTS;
if (shots) await mkdir(shots, { recursive: true });

const browser = await launch();
for (const script of [true, false]) {
  const demo = await startDemo('--profile', 'participant-portal');
  try {
    await story(demo, script);
  } finally {
    await demo.stop();
  }
}
await browser.close();

async function story(demo, script) {
  const mode = script ? 'with JavaScript' : 'without JavaScript';
  const step = (name, body) => check(`participants ${mode}: ${name}`, body);
  const open = () => visitor(browser, { javaScriptEnabled: script });
  const by = (role) => demo.accounts.find((one) => one.roles.includes(role) && one.organisation !== 'Beta Laboratories');
  const [petra, lena, olga, newcomer] = [await open(), await open(), await open(), await open()];
  const email = 'new.person@gamma.example';
  let project;

  // P16, P17: in My Projects, by e-mail address.
  await step('the primary coordinator contact nominates somebody by address', async () => {
    await arrive(demo, petra.page, by('PrimaryCoordinatorContact'));
    await petra.page.goto(`${demo.issuer}/projects`);
    await look(petra.page, script);
    await petra.page.click('main table a');
    project = petra.page.url();
    await look(petra.page, script);
    await petra.page.click('a[href$="/nominate"]');
    await look(petra.page, script);
    await petra.page.selectOption('#what', { label: 'ParticipantContact · Gamma Institute' });
    await petra.page.fill('#email', email);
    await petra.page.click('main form button');
    const said = await petra.page.locator('main').innerText();
    holds(said.includes(email), `the nomination is not listed: ${said}`);
  });
  // P18: whoever has no account makes one.
  await step('somebody new opens the link, makes an account and activates it', async () => {
    const text = await nextMessage(demo, email, 0);
    const link = /https?:\/\/\S+\/nomination\/\S+/.exec(text)[0];
    await newcomer.page.goto(link);
    await look(newcomer.page, script);
    await newcomer.page.fill('#given_name', 'Nora');
    await newcomer.page.fill('#family_name', 'Newly');
    await newcomer.page.fill('#phone', '+393331234567');
    await newcomer.page.click('#nomination-register');
    await newcomer.page.waitForSelector('#link-send');
    await newcomer.page.click('#link-send');
    await newcomer.page.waitForSelector('#link-continue');
    await newcomer.page.fill('input[autocomplete=one-time-code]', codeIn(await nextMessage(demo, '+393331234567', 0)));
    await newcomer.page.fill('input[autocomplete=new-password]', 'violet harbour 71 lanterns');
    await newcomer.page.click('#link-continue');
    await newcomer.page.goto(link);
    holds((await newcomer.page.locator('#nomination-register').count()) === 0, 'the link works twice');
    await look(newcomer.page, script);
  });
  await step('the new person has the role and nominates people of their organisation', async () => {
    const person = { email, password: 'violet harbour 71 lanterns', phone: '+393331234567' };
    await arrive(demo, newcomer.page, person);
    await newcomer.page.goto(project);
    const said = await newcomer.page.locator('main').innerText();
    holds(said.includes('Nora Newly'), `the role is not listed: ${said}`);
    await newcomer.page.click('a[href$="/nominate"]');
    const offered = await newcomer.page.locator('#what option').allInnerTexts();
    holds(offered.length > 0 && offered.every((one) => one.endsWith('Gamma Institute')), `offered: ${offered}`);
  });
  await step('a signatory is assigned: only who is one of the organisation can be chosen', async () => {
    await petra.page.goto(project);
    await petra.page.click('a[href*="assign=ProjectFinancialSignatory"]');
    await look(petra.page, script);
    same(await petra.page.locator('#person option').allInnerTexts(), ['Felix Sign'], 'candidates');
    await petra.page.click('main form button');
    holds((await petra.page.locator('main').innerText()).includes('ProjectFinancialSignatory'), 'not assigned');
  });
  // P19, P59, P60: My Organisations shows who represents the organisation; a revocation is asked for and answered.
  await step('the LEAR asks for a revocation and reads the answer', async () => {
    await arrive(demo, lena.page, by('LEAR'));
    await lena.page.goto(`${demo.issuer}/organisations`);
    await look(lena.page, script);
    await lena.page.click('main table a');
    await look(lena.page, script);
    const row = lena.page.locator('tr', { hasText: 'Cora Lang' });
    await row.locator('a[href$="/request"]').click();
    await look(lena.page, script);
    await lena.page.fill('#reason', 'Has moved to another department');
    await lena.page.click('main form button');
    await petra.page.goto(`${demo.issuer}/tasks`);
    await look(petra.page, script);
    await petra.page.locator('a[href$="/decline"]').click();
    await look(petra.page, script);
    await petra.page.fill('#reason', 'Stays until the audit is over');
    await petra.page.click('main form button');
    await lena.page.goto(`${demo.issuer}/tasks`);
    await look(lena.page, script);
    holds((await lena.page.locator('main').innerText()).includes('Stays until the audit is over'), 'no answer');
  });
  // P23: both go together.
  await step('revoking the first role of a signatory takes the second along, and says so before', async () => {
    await lena.page.goto(`${demo.issuer}/organisations`);
    await lena.page.click('main table a');
    // The first table is of the organisation, the one of its projects comes later.
    const row = lena.page.locator('tr', { hasText: 'Felix Sign' }).first();
    await row.locator('a[href$="/revoke"]').click();
    await look(lena.page, script);
    holds((await lena.page.locator('main').innerText()).includes('ProjectFinancialSignatory'), 'not said');
    await lena.page.click('main form button');
    holds(!(await lena.page.locator('main').innerText()).includes('Felix Sign'), 'still held');
  });
  await step('the operator carries the project to its end: nobody is nominated any more', async () => {
    await arrive(demo, olga.page, by('Operator'));
    await olga.page.goto(`${demo.issuer}/projects/new`);
    await look(olga.page, script);
    await olga.page.goto(`${project}/add`);
    await look(olga.page, script);
    await olga.page.goto(`${project}/phase`);
    await look(olga.page, script);
    await olga.page.selectOption('#phase', 'closed');
    await olga.page.click('main form button');
    await petra.page.goto(project);
    same(await petra.page.locator('a[href$="/nominate"]').count(), 0, 'ways to nominate');
    await look(petra.page, script);
  });
  const violations = [petra, lena, olga, newcomer].flatMap((one) => one.violations);
  await step('the content security policy holds', () => same(violations, [], 'violations'));
  for (const { context } of [petra, lena, olga, newcomer]) await context.close();
}

/** Signs in at the portal. */
async function arrive(demo, page, person) {
  await page.goto(`${demo.issuer}/login`);
  await signIn(demo, page, person);
}

/** What is true of every page; axe needs scripts of its own. */
async function look(page, script) {
  const address = page.url();
  const name = address.replace(/^https?:\/\/[^/]+/, '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id').replace(/nomination\/.*/, 'nomination').replaceAll(/[^a-z]+/gi, '-');
  same(await problems(await page.content()), [], `HTML of ${name}`);
  await page.setViewportSize({ width: 320, height: 640 });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (shots && script) await page.screenshot({ path: join(shots, `narrow${name}.png`), fullPage: true });
  await page.setViewportSize({ width: 1280, height: 900 });
  holds(wider <= 0, `${name} is ${wider} px wider than 320 px`);
  if (shots && script) await page.screenshot({ path: join(shots, `wide${name}.png`), fullPage: true });
  if (!script) return;
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    same(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(' ')}`), [], `axe on ${name} (${colorScheme})`);
  }
}
