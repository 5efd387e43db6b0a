// What a page weighs over the wire, and whom it asks (gate G6).

/** Opens a page with an empty cache; bytes of all answers, and the addresses of other origins. */
export async function weigh(browser, url, cookies = []) {
  const context = await browser.newContext({ locale: 'en-GB' });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const finished = [];
  page.on('requestfinished', (request) => finished.push(request));
  await page.goto(url, { waitUntil: 'networkidle' });
  let bytes = 0;
  const foreign = [];
  for (const request of finished) {
    const sizes = await request.sizes();
    bytes += sizes.responseBodySize + sizes.responseHeadersSize;
    if (new URL(request.url()).origin !== new URL(url).origin) foreign.push(request.url());
  }
  await context.close();
  return { bytes, foreign };
}
