// What is true of every page: valid HTML, nothing wider than 320 pixels, axe in light and dark. Pictures of it where they are asked for.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { problems } from './markup.mjs';
import { holds, same } from './report.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const shots = process.env.SCREENSHOTS;
if (shots) await mkdir(shots, { recursive: true });

/** Axe needs scripts of its own: without JavaScript (`script` false) the rest is looked at. `markup`: which HTML must be valid, all by default. */
export async function look(page, script, prefix = '', markup = problems) {
  const address = page.url();
  const name = prefix + address.replace(/^https?:\/\/[^/]+/, '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id').replace(/(nomination|register|activate)\/.*/, '$1').replaceAll(/[^a-z]+/gi, '-');
  same(await markup(await page.content()), [], `HTML of ${name}`);
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
  await page.emulateMedia({ colorScheme: 'light' });
}
