// A browser without JavaScript, as small as it can be: cookies, redirects, forms.
import { codeIn, nextMessage, sent } from './demo.mjs';

const attribute = (tag, name) => {
  const found = new RegExp(`\\s${name}(?:="([^"]*)"|='([^']*)'|=([^\\s>]+))?`, 'i').exec(tag);
  return found && plain(found[1] ?? found[2] ?? found[3] ?? '');
};

const plain = (text) =>
  text.replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)))
    .replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

export class Browser {
  /** `stopAt`: an address (origin and path) that is not requested but returned. */
  constructor(stopAt) {
    this.stopAt = stopAt;
    this.cookies = new Map();
  }

  async go(url, init = {}) {
    for (let hops = 0; hops < 15; hops += 1) {
      if (url.split('?')[0] === this.stopAt) return { url, html: '', status: 0 };
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
      for (const line of answer.headers.getSetCookie()) this.keep(line);
      const location = answer.headers.get('location');
      if (!location) return { url, status: answer.status, html: await answer.text() };
      url = new URL(location, url).href;
      init = {};
    }
    throw new Error('too many redirects');
  }

  keep(line) {
    const [pair, ...attributes] = line.split(';');
    const [name, value] = [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1)];
    const gone = attributes.some((one) => /^\s*max-age\s*=\s*0\s*$/i.test(one)) || value === '';
    if (gone) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  /** What the form that holds the control with the id `button` would send, and where to; `values` by element id. */
  form(page, button, values = {}) {
    const forms = page.html.match(/<form[\s\S]*?<\/form>/gi) ?? [];
    const form = forms.find((text) => new RegExp(`\\sid=["']?${button}["'\\s>]`).test(text));
    if (!form) throw new Error(`no form with #${button} at ${page.url} (${page.status})`);
    const body = new URLSearchParams();
    for (const tag of form.match(/<input[^>]*>/gi) ?? []) {
      const [id, name, type] = ['id', 'name', 'type'].map((one) => attribute(tag, one));
      if (!name || type === 'submit' || type === 'button') continue;
      if ((type === 'checkbox' || type === 'radio') && attribute(tag, 'checked') === null && !(id in values)) continue;
      body.append(name, values[id] ?? attribute(tag, 'value') ?? '');
    }
    const pressed = (form.match(/<button[^>]*>/gi) ?? []).find((tag) => attribute(tag, 'id') === button);
    if (pressed && attribute(pressed, 'name')) body.append(attribute(pressed, 'name'), attribute(pressed, 'value') ?? '');
    const head = form.slice(0, form.indexOf('>') + 1);
    return { action: new URL(attribute(head, 'action') || page.url, page.url).href, body };
  }

  /** Sends that form. */
  submit(page, button, values = {}) {
    const { action, body } = this.form(page, button, values);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(page.url).origin, 'sec-fetch-site': 'same-origin' };
    return this.go(action, { method: 'POST', body: body.toString(), headers });
  }

  /** Both steps of a sign-in, starting at `url`; ends where the last redirect leads. */
  async signIn(demo, person, url) {
    const first = await this.go(url);
    const seen = (await sent(demo, person.phone)).length;
    const second = await this.submit(first, 'login-continue', { 'login-email': person.email, 'login-password': person.password });
    const code = codeIn(await nextMessage(demo, person.phone, seen));
    return this.submit(second, 'login-code-continue', { 'login-code': code });
  }
}
