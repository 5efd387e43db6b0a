// Authorities that manage each other in a browser, with and without JavaScript, as the demo of that profile tells people to try it:
// requests in a module; its access is suspended and the module reacts without a new sign-in; an Access Manager adds their own
// authority; an authority is invited, registers itself and is validated. Every page on the way is looked at (`lib/look.mjs`).
import { launch, signIn, signOut, visitor } from './lib/chromium.mjs';
import { account, codeIn, nextMessage, sent, startDemo } from './lib/demo.mjs';
import { startExamples } from './lib/examples.mjs';
import { look } from './lib/look.mjs';
import { check, holds, same, soon } from './lib/report.mjs';

const browser = await launch();
for (const script of [true, false]) {
  const demo = await startDemo('--profile', 'imi');
  let applications;
  try {
    applications = await startExamples(demo);
    await story(demo, applications.at('pq'), script);
  } finally {
    await applications?.stop();
    await demo.stop();
  }
}
await browser.close();

async function story(demo, module, script) {
  const mode = script ? 'with JavaScript' : 'without JavaScript';
  const step = (name, body) => check(`imi ${mode}: ${name}`, body);
  const visitors = [];
  const as = async (name) => {
    const one = { ...(await visitor(browser, { javaScriptEnabled: script })), person: name && account(demo, name, (who) => who.email.startsWith(name)) };
    visitors.push(one);
    return one;
  };
  const [clara, luc, nina, maria, rosa, newcomer] = await Promise.all(['clara', 'luc', 'nina', 'maria', 'rosa', undefined].map(as));
  const seen = (page) => look(page, script, page.url().startsWith(module) ? '-module' : '');
  const main = (page) => page.locator('main').innerText();
  const rows = (page) => page.locator('main tbody th').allInnerTexts();

  await step('somebody of an authority opens the module from My Apps', async () => {
    await arrive(demo, clara, `${demo.issuer}/login`);
    await clara.page.goto(demo.issuer);
    await clara.page.click('a.tile');
    await seen(clara.page);
    const told = async (id) => (await clara.page.locator(`#${id}`).innerText()).trim();
    same([await told('authority'), await told('kind'), await told('status'), await told('classification')], ['Nursing Board Munich', 'Authority', 'Active', 'Nurses'], 'standing');
  });
  await step('the counterparts are those that are active in the module', async () => {
    await clara.page.click('nav a[href="/counterparts"]');
    await seen(clara.page);
    same(await rows(clara.page), ['Health Agency Lyon', 'Ministry of Health Bavaria'], 'counterparts');
  });
  // I43, I88: for everybody who is signed in.
  await step('anybody looks authorities up in the directory of the portal', async () => {
    await clara.page.goto(`${demo.issuer}/directory`);
    await seen(clara.page);
    await clara.page.fill('#q', 'health');
    await clara.page.click('main form button');
    await seen(clara.page);
    same(await rows(clara.page), ['Health Agency Lyon', 'Ministry of Health Bavaria'], 'authorities found');
    await clara.page.click('main tbody a');
    await seen(clara.page);
    await clara.page.goto(`${module}/counterparts`);
  });
  await step('a request is sent, and answered by the counterpart', async () => {
    await ask(clara.page, 'Health Agency Lyon', 'Diploma of a nurse', seen);
    await arrive(demo, luc, `${module}/requests`);
    await seen(luc.page);
    await luc.page.click('main tbody a');
    await seen(luc.page);
    await luc.page.fill('#text', 'It is genuine.');
    await luc.page.click('button[value=answer]');
    same((await luc.page.locator('#state').innerText()).trim(), 'Answered', 'state');
    await clara.page.reload();
    holds((await main(clara.page)).includes('It is genuine.'), 'the answer is not shown');
    await luc.page.goto(`${module}/counterparts`);
    await ask(luc.page, 'Nursing Board Munich', 'Right to practise', seen);
  });
  // I52: counted before it goes, and it goes to each by itself.
  await step('the coordinator writes to the administrators of the authorities', async () => {
    const writer = await as('nina');
    await arrive(demo, writer, `${demo.issuer}/login`);
    await writer.page.goto(`${demo.issuer}/admin/mail?q=munich`);
    await seen(writer.page);
    await writer.page.selectOption('#to', 'everybody');
    await writer.page.fill('#subject', 'Maintenance');
    await writer.page.fill('#text', 'The module is closed on Sunday.');
    await writer.page.click('main form button');
    await seen(writer.page);
    await writer.page.click('main form button');
    await seen(writer.page);
    holds((await writer.page.locator('main').innerText()).includes('on its way'), 'not sent');
  });
  let level;
  // I53, I76: told by an event (RFC 8935), not by another sign-in.
  await step('the coordinator suspends the access: the module follows without a new sign-in', async () => {
    await luc.page.goto(`${module}/counterparts`);
    await luc.page.locator('tr', { hasText: 'Nursing Board Munich' }).locator('a').click();
    await arrive(demo, nina, `${demo.issuer}/login`);
    level = await levelOf(demo, nina.page, 'Nursing Board Munich');
    await seen(nina.page);
    for (const tab of ['classification', 'users', 'modules']) {
      await nina.page.goto(`${level}/${tab}`);
      await seen(nina.page);
    }
    await nina.page.locator('a[href*="/modules/"]', { hasText: 'Professional Qualifications' }).click();
    await seen(nina.page);
    await nina.page.click('a[href$="/status"]');
    await seen(nina.page);
    await nina.page.click('main form button');
    await soon('the module does not follow', async () => {
      await clara.page.goto(`${module}/`);
      return (await clara.page.locator('#status').innerText()).trim() === 'Complete only';
    });
    await seen(clara.page);
  });
  await step('complete only: nothing new is sent or received, what is under way is finished', async () => {
    await clara.page.goto(`${module}/counterparts`);
    await seen(clara.page);
    same(await clara.page.locator('a[href^="/requests/new"]').count(), 0, 'ways to send');
    const form = luc.page.waitForResponse((one) => one.request().method() === 'POST');
    await fill(luc.page, 'Too late');
    same((await form).status(), 403, 'status of a request to a suspended authority');
    await luc.page.goto(`${module}/counterparts`);
    same(await rows(luc.page), ['Ministry of Health Bavaria'], 'counterparts');
    const lyon = await luc.page.goto(`${module}/requests/new?to=nobody`);
    same(lyon.status(), 403, 'status of a request to nobody');
    await clara.page.goto(`${module}/requests`);
    await clara.page.locator('main tbody a', { hasText: 'Right to practise' }).click();
    await seen(clara.page);
    await clara.page.fill('#text', 'We do not know this person.');
    await clara.page.click('button[value=refuse]');
    same((await clara.page.locator('#state').innerText()).trim(), 'Refused', 'state');
  });
  await step('given back, the module follows again', async () => {
    await nina.page.goto(`${level}/modules`);
    await nina.page.locator('a[href*="/modules/"]', { hasText: 'Professional Qualifications' }).click();
    await nina.page.click('a[href$="/status"]');
    await nina.page.click('main form button');
    await soon('the module does not follow', async () => {
      await clara.page.goto(`${module}/`);
      return (await clara.page.locator('#status').innerText()).trim() === 'Active';
    });
  });
  // I42, I50.
  await step('an Access Manager finds an authority of the country and adds their own', async () => {
    await arrive(demo, maria, `${demo.issuer}/login`);
    await maria.page.goto(`${demo.issuer}/admin/levels`);
    await seen(maria.page);
    same((await main(maria.page)).includes('Chamber of Crafts Leipzig'), false, 'managed already');
    const found = await levelOf(demo, maria.page, 'Chamber of Crafts Leipzig', '&mine=no');
    await maria.page.goto(`${found}/managers`);
    await seen(maria.page);
    await maria.page.click('a[href$="/managers/add"]');
    await seen(maria.page);
    await maria.page.selectOption('#manager', { label: 'Ministry of Health Bavaria' });
    await maria.page.click('main form button');
    await maria.page.goto(`${found}/managers`);
    holds((await main(maria.page)).includes('Ministry of Health Bavaria'), 'not added');
    await maria.page.goto(`${demo.issuer}/admin/levels`);
    holds((await main(maria.page)).includes('Chamber of Crafts Leipzig'), 'not among what is managed');
  });
  const email = 'arno.bau@architects.example';
  // I30–I33.
  await step('an authority is invited and registers itself', async () => {
    await arrive(demo, rosa, `${demo.issuer}/login`);
    await rosa.page.goto(`${demo.issuer}/admin/invitations/new`);
    await seen(rosa.page);
    await rosa.page.fill('#proposed_name', 'Chamber of Architects Berlin');
    await rosa.page.fill('#email', email);
    await rosa.page.selectOption('#parent', { label: 'Coordination Germany' });
    await rosa.page.click('main form button');
    await seen(rosa.page);
    const link = /https?:\/\/\S+\/register-authority\/[\w-]+/.exec(await nextMessage(demo, email, 0))[0];
    const { page } = newcomer;
    await page.goto(link);
    await seen(page);
    await page.goto(`${link}/authority`);
    await page.fill('#name', 'Chamber of Architects Berlin');
    await page.fill('#country', 'DE');
    await page.click('main form button');
    await seen(page);
    await page.locator('main form input[type=checkbox]').first().check();
    await page.click('main form button');
    await seen(page);
    await page.fill('#given_name', 'Arno');
    await page.fill('#family_name', 'Bau');
    await page.fill('#phone', '+4930700001');
    await page.click('main form button');
    await seen(page);
    await page.goto(`${link}/check`);
    await page.click('main form button');
    await seen(page);
    holds((await main(page)).includes('wait for a decision'), `not submitted: ${await main(page)}`);
  });
  // I19, I34–I36, I39.
  await step('the coordinator validates it: its first user is its Administrator, the authority of the coordinator its Access Manager', async () => {
    const mails = (await sent(demo, email)).length;
    await nina.page.goto(`${demo.issuer}/tasks`);
    await seen(nina.page);
    await nina.page.goto(`${demo.issuer}/tasks/validations`);
    await seen(nina.page);
    holds((await main(nina.page)).includes("Teachers' Board Dresden"), 'the registration of the demo does not wait');
    await nina.page.locator('a', { hasText: 'Chamber of Architects Berlin' }).first().click();
    await seen(nina.page);
    await nina.page.click('#validation-confirm');
    holds((await main(nina.page)).includes('was validated'), `not validated: ${await main(nina.page)}`);
    await seen(nina.page);
    const made = await levelOf(demo, nina.page, 'Chamber of Architects Berlin');
    await nina.page.goto(`${made}/managers`);
    const said = await main(nina.page);
    for (const name of ['Coordination Germany', 'Arno Bau', 'Administrator']) holds(said.includes(name), `${name}: ${said}`);
    newcomer.mail = await nextMessage(demo, email, mails);
  });
  await step('the first user activates the account, and the granted module is among their applications', async () => {
    const { page } = newcomer;
    await page.goto(/https?:\/\/\S+\/activate\/[^\s<>"]+/.exec(newcomer.mail)[0]);
    const person = { email, phone: '+4930700001', password: 'Violet harbour 71 lanterns' };
    const codes = (await sent(demo, person.phone)).length;
    await page.click('#link-send');
    await page.waitForSelector('#new-password');
    const code = codeIn(await nextMessage(demo, person.phone, codes));
    await page.fill('input[autocomplete="one-time-code"]', code);
    await page.fill('#new-password', person.password.toLowerCase());
    await page.click('#link-continue');
    const refused = await main(page);
    holds(refused.includes('one upper-case letter'), `no word of the missing upper-case letter: ${refused}`);
    await page.fill('input[autocomplete="one-time-code"]', code);
    await page.fill('#new-password', person.password);
    await page.click('#link-continue');
    await arrive(demo, { page, person }, `${demo.issuer}/login`);
    await page.goto(demo.issuer);
    same(await page.locator('a.tile').count(), 0, 'tiles before the module is granted');
    await nina.page.goto(`${await levelOf(demo, nina.page, 'Chamber of Architects Berlin')}/modules/new`);
    await seen(nina.page);
    await nina.page.locator('main a', { hasText: 'Professional Qualifications' }).click();
    await seen(nina.page);
    await nina.page.selectOption('#kind', 'authority');
    await nina.page.click('main form button');
    holds((await main(nina.page)).includes('Professional Qualifications'), `not granted: ${await main(nina.page)}`);
    await page.goto(demo.issuer);
    same(await page.locator('a.tile').count(), 1, 'tiles');
    await page.goto(`${module}/`);
    same((await page.locator('#authority').innerText()).trim(), 'Chamber of Architects Berlin', 'authority');
    await seen(page);
  });
  await step('signing out in the portal ends the session of the module', async () => {
    await signOut(demo, clara.page);
    await soon('the session of the module goes on', async () => {
      await clara.page.goto(`${module}/`);
      return clara.page.locator('#login-email').count();
    });
  });
  await step('the content security policy holds', () => same(visitors.flatMap((one) => one.violations), [], 'violations'));
  for (const { context } of visitors) await context.close();
}

/** Opens an address and signs in. */
async function arrive(demo, { page, person }, address) {
  await page.goto(address);
  await signIn(demo, page, person);
}

/** The address of a level, which is opened. */
async function levelOf(demo, page, name, more = '') {
  await page.goto(`${demo.issuer}/admin/levels?q=${encodeURIComponent(name)}${more}`);
  await page.locator('main a', { hasText: name }).first().click();
  return page.url().split('?')[0];
}

/** Sends a request from the list of counterparts. */
async function ask(page, name, subject, seen) {
  await page.locator('tr', { hasText: name }).locator('a').click();
  await seen(page);
  await fill(page, subject);
  same((await page.locator('#state').innerText()).trim(), 'Open', 'state');
}

async function fill(page, subject) {
  await page.fill('#subject', subject);
  await page.fill('#text', 'Please tell us what you know.');
  await page.click('main form button');
}
