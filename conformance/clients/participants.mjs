// The participant portal in a browser, with and without JavaScript, as the demo of that profile tells people to try it: somebody
// new is nominated by address, makes an account and has the role; a signatory is assigned; a revocation is asked for and
// answered; the project is carried to its end. Every page on the way: axe, valid HTML, 320 pixels, the content security policy.
import { launch, signIn, visitor } from './lib/chromium.mjs';
import { codeIn, nextMessage, sent, startDemo } from './lib/demo.mjs';
import { startExamples } from './lib/examples.mjs';
import { look } from './lib/look.mjs';
import { check, holds, same, soon } from './lib/report.mjs';

const browser = await launch();
for (const script of [true, false]) {
  const demo = await startDemo('--profile', 'participant-portal');
  let applications;
  try {
    applications = await startExamples(demo);
    await story(demo, applications.at('forms'), script);
  } finally {
    await applications?.stop();
    await demo.stop();
  }
}
await browser.close();

async function story(demo, forms, script) {
  const mode = script ? 'with JavaScript' : 'without JavaScript';
  const step = (name, body) => check(`participants ${mode}: ${name}`, body);
  const open = () => visitor(browser, { javaScriptEnabled: script });
  const by = (role) => demo.accounts.find((one) => one.roles.includes(role) && one.organisation !== 'Beta Laboratories');
  const [petra, lena, olga, newcomer] = [await open(), await open(), await open(), await open()];
  const [felix, paula, tim] = [await open(), await open(), await open()];
  const named = (name) => demo.accounts.find((one) => one.email.startsWith(name));
  const state = async ({ page }) => (await page.locator('#state').innerText()).trim();
  const statement = `${forms}/forms/RIVERS-101/Alpha%20University/form-c`;
  const report = `${forms}/forms/RIVERS-101/Beta%20Laboratories/report`;
  const email = 'new.person@gamma.example';
  const seen = (page) => look(page, script, page.url().startsWith(forms) ? '-forms' : '');
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
  // P17, P18: whoever does not want to says so, and makes no account for it.
  await step('somebody else who is named by address declines without an account', async () => {
    const other = 'no.thanks@gamma.example';
    await petra.page.goto(`${project}/nominate`);
    await petra.page.selectOption('#what', { label: 'ParticipantContact · Gamma Institute' });
    await petra.page.fill('#email', other);
    await petra.page.click('main form button');
    const { page } = await open();
    await page.goto(/https?:\/\/\S+\/nomination\/\S+/.exec(await nextMessage(demo, other, 0))[0]);
    await page.click('#nomination-decline');
    holds((await page.locator('h1').innerText()).includes('You have declined'), 'it does not say so');
    await look(page, script);
    await page.context().close();
    await petra.page.goto(project);
    const said = await petra.page.locator('main').innerText();
    holds(!said.includes(other), `the nomination is listed still: ${said}`);
  });
  // P21: a dormant role is nothing to an application.
  await step('whoever is a signatory of no project finds no form', async () => {
    await felix.page.goto(`${forms}/`);
    await signIn(demo, felix.page, named('felix'));
    await seen(felix.page);
    same(await felix.page.locator('#nothing').count(), 1, 'notes');
    same((await felix.page.goto(statement)).status(), 404, 'status');
  });
  await step('a signatory is assigned: only who is one of the organisation can be chosen', async () => {
    await petra.page.goto(project);
    await petra.page.click('a[href*="assign=ProjectFinancialSignatory"]');
    await look(petra.page, script);
    same(await petra.page.locator('#person option').allInnerTexts(), ['Felix Sign'], 'candidates');
    await petra.page.click('main form button');
    holds((await petra.page.locator('main').innerText()).includes('ProjectFinancialSignatory'), 'not assigned');
  });
  // P22, P55, P75: told by an event, not by another sign-in.
  await step('the application follows without a new sign-in, and the signatory writes the statement', async () => {
    await soon('the application was not told of the role', async () => (await felix.page.goto(statement)).status() === 200);
    await seen(felix.page);
    same(await felix.page.locator('#to-sign').count(), 0, 'nothing to sign yet');
    await felix.page.fill('#text', 'Personnel: 1,200 EUR\nTravel: 300 EUR');
    await felix.page.click('main form button');
    same(await state(felix), 'Draft', 'state');
    same(await felix.page.locator('#submit').count(), 0, 'ways to submit what is not signed');
  });
  await step('signing asks for a proof with two factors, although the signatory is signed in', async () => {
    await felix.page.click('#to-sign');
    await seen(felix.page);
    same(await felix.page.locator('#sign').count(), 0, 'ways to sign without a proof');
    // Sent without the page: refused as well.
    const token = await tokenOf(felix.page, statement);
    const answer = await felix.context.request.post(`${statement}/sign`, { form: { token, text: 'Personnel: 1,200 EUR\nTravel: 300 EUR' }, maxRedirects: 0 });
    same(answer.status(), 403, 'status of a signature without a proof');
    await felix.page.goto(`${statement}/sign`);
    await felix.page.click('#again');
    await signIn(demo, felix.page, named('felix'));
    same(felix.page.url(), `${statement}/sign`, 'address after the proof');
    await seen(felix.page);
    await felix.page.click('#sign');
    same(await state(felix), 'Signed by Felix Sign', 'state');
    await felix.page.click('#submit');
    same(await state(felix), 'Submitted to the Commission by Felix Sign', 'state');
    await seen(felix.page);
  });
  // P42, P43, P48, P50: the contact of a participant writes and submits to the coordinator, a task manager writes only.
  await step('roles read, write and submit as they say', async () => {
    await tim.page.goto(report);
    await signIn(demo, tim.page, named('tim'));
    await tim.page.fill('#text', 'The river is cleaner.');
    await tim.page.click('main form button');
    same([await state(tim), await tim.page.locator('#submit').count()], ['Draft', 0], 'a task manager');
    const refused = await tim.context.request.post(`${report}/submit`, { form: { token: await tokenOf(tim.page, report) }, maxRedirects: 0 });
    same(refused.status(), 403, 'status of a submission by a task manager');
    await paula.page.goto(report);
    await signIn(demo, paula.page, named('paula'));
    await seen(paula.page);
    await paula.page.click('nav a[href="/"]');
    await seen(paula.page);
    same(await paula.page.locator('.roles').innerText(), 'ParticipantContact', 'roles');
    await paula.page.locator('main a', { hasText: 'Periodic report' }).click();
    await paula.page.click('#submit');
    same(await state(paula), 'Submitted to the coordinator by Paula Ernst', 'state');
    same((await paula.page.goto(statement)).status(), 404, 'status of a form of another organisation');
    await petra.page.goto(`${forms}/forms/RIVERS-101/Alpha%20University/report`);
    await seen(petra.page);
    await petra.page.fill('#text', 'All is well.');
    await petra.page.click('main form button');
    same(await petra.page.locator('#submit').innerText(), 'Submit to the Commission', 'to whom');
    await petra.page.goto(statement);
    same([await petra.page.locator('#to-sign').count(), await petra.page.locator('#content').count()], [0, 1], 'a contact signs nothing');
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
  // P61, P62: asked for with a document, compared and approved by somebody else.
  await step('the LEAR asks for a change of the data, and the operator approves it', async () => {
    await lena.page.goto(`${demo.issuer}/organisations`);
    await lena.page.click('main table a');
    await lena.page.click('a[href$="/amend"]');
    await look(lena.page, script);
    await lena.page.click('main form button');
    await look(lena.page, script);
    await lena.page.fill('#website', 'https://alpha.example/');
    await lena.page.click('main form button');
    await look(lena.page, script);
    const document = { name: 'statutes.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') };
    await lena.page.setInputFiles('#file', document);
    await lena.page.click('form[enctype] button');
    await look(lena.page, script);
    await arrive(demo, olga.page, by('Operator'));
    await olga.page.goto(`${demo.issuer}/tasks`);
    await look(olga.page, script);
    await olga.page.click('a[href^="/amendments/"]');
    await look(olga.page, script);
    await olga.page.click('main form button');
    await look(olga.page, script);
    holds((await olga.page.locator('main').innerText()).includes('Approved'), 'not approved');
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
    await soon('the application was not told of the end', async () => (await felix.page.goto(statement)).status() === 404);
  });
  await step('the operator carries the project to its end: nobody is nominated any more', async () => {
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
  const violations = [petra, lena, olga, newcomer, felix, paula, tim].flatMap((one) => one.violations);
  await step('the content security policy holds', () => same(violations, [], 'violations'));
  for (const { context } of [petra, lena, olga, newcomer, felix, paula, tim]) await context.close();
}

/** What a form of the page must come back with. */
async function tokenOf(page, address) {
  await page.goto(address);
  return page.locator('input[name=token]').first().inputValue();
}

/** Signs in at the portal. */
async function arrive(demo, page, person) {
  await page.goto(`${demo.issuer}/login`);
  await signIn(demo, page, person);
}
