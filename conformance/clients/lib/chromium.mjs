// Headless Chromium, quiet on the network, and what a person does with it.
import { chromium } from 'playwright-core';
import { codeIn, nextMessage, sent } from './demo.mjs';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Starts the browser. */
export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS });

/** A fresh browser profile that collects violations of the content security policy in `violations`. */
export async function visitor(browser, options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const violations = [];
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) violations.push(`${page.url().split('?')[0]}: ${message.text()}`);
  });
  return { context, page, violations };
}

/** Both steps on the pages of sign-in; the page must show the first one. */
export async function signIn(demo, page, person) {
  const seen = (await sent(demo, person.phone)).length;
  await page.fill('#login-email', person.email);
  await page.fill('#login-password', person.password);
  await page.click('#login-continue');
  await page.waitForSelector('#login-code');
  await page.fill('#login-code', codeIn(await nextMessage(demo, person.phone, seen)));
  await page.click('#login-code-continue');
  await page.waitForLoadState();
}

/** Signs out at the portal. */
export async function signOut(demo, page) {
  await page.goto(`${demo.issuer}/logout`);
  await page.click('#logout-confirm');
  await page.waitForLoadState();
}
