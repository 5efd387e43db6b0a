// The pages by keyboard alone: Tab, Enter, Space and typing, never a pointer (gate G4).
import { codeIn, nextMessage, sent } from './demo.mjs';
import { holds, same } from './report.mjs';

const focused = (page) =>
  page.evaluate(() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    const shown = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    return { id: one.id, tag: one.tagName, text: (one.innerText || one.value || '').trim(), shown, inMain: Boolean(one.closest('main')) };
  });

/** Presses Tab until `test` holds for the focused element; every stop on the way must be visible. */
export async function tabTo(page, test, most = 60) {
  for (let stops = 1; stops <= most; stops += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    holds(at.shown, `the focus cannot be seen at ${at.tag}#${at.id} "${at.text}" of ${page.url()}`);
    if (test(at)) return stops;
  }
  throw new Error(`not reached within ${most} stops of Tab at ${page.url()}`);
}

/** Puts the focus where a fresh page has it: before its first link. */
const restart = (page) =>
  page.evaluate(() => {
    // Only a focused element moves the place from which Tab goes on.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });

/** Signs in from the page of step one. */
export async function signInByKeyboard(demo, page, person) {
  same((await focused(page)).id, 'login-email', 'the focus of the page');
  await restart(page);
  await tabTo(page, (at) => at.tag === 'A' && /main/i.test(at.text), 1);
  await page.keyboard.press('Enter');
  const stops = await tabTo(page, (at) => at.id === 'login-email');
  holds(stops <= 2, `${stops} stops from the skip link to the first field`);
  await page.keyboard.type(person.email);
  await tabTo(page, (at) => at.id === 'login-password', 2);
  await page.keyboard.type(person.password);
  const seen = (await sent(demo, person.phone)).length;
  await page.keyboard.press('Enter');
  await page.waitForSelector('#login-code');
  same((await focused(page)).id, 'login-code', 'the focus of the second page');
  await page.keyboard.type(codeIn(await nextMessage(demo, person.phone, seen)));
  await page.keyboard.press('Enter');
  await page.waitForSelector('nav.menu');
}

/** Sends a form with a mistake: the focus is on the summary, and its link leads to the field. */
export async function mistakeByKeyboard(page, url, button) {
  await page.goto(url);
  await tabTo(page, (at) => at.tag === 'BUTTON' && at.text === button);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#problem');
  same((await focused(page)).id, 'problem', 'the focus after a mistake');
  await page.keyboard.press('Tab');
  const target = await page.evaluate(() => document.activeElement.getAttribute('href')?.slice(1));
  await page.keyboard.press('Enter');
  same((await focused(page)).id, target, 'the focus after following the summary');
}

/** Ticks a membership with the space bar and saves it with Enter. */
export async function assignByKeyboard(page, url, code) {
  await page.goto(url);
  await restart(page);
  const box = await page.evaluate((code) => [...document.querySelectorAll('main label')].find((label) => label.innerText.includes(code)).htmlFor, code);
  await tabTo(page, (at) => at.id === box);
  await page.keyboard.press('Space');
  await tabTo(page, (at) => at.tag === 'BUTTON' && at.text === 'Save');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.notice.success');
}
