// The frame by which applications watch a session (OpenID Connect Session Management 1.0 §3.2): its script, run as it is served, against
// another implementation of SHA-256.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { runInNewContext } from 'node:vm';
import { check, same } from './lib/report.mjs';

const script = await readFile(new URL('../../templates/static/session.js', import.meta.url), 'utf8');
const ORIGIN = 'https://app.example';

/** Asks the frame of a browser with these cookies; what it answers, and to which origin. */
function ask(cookie, data, origin = ORIGIN) {
  let listener;
  const told = [];
  const window = { addEventListener: (_, given) => { listener = given; } };
  runInNewContext(script, { window, document: { cookie }, unescape, encodeURIComponent });
  listener({ data, origin, source: { postMessage: (answer, to) => told.push([answer, to]) } });
  return told;
}

const state = (client, browser, salt, origin = ORIGIN) => `${createHash('sha256').update(`${client} ${origin} ${browser} ${salt}`).digest('hex')}.${salt}`;

await check('the frame computes what the server computed, whatever the length', () => {
  for (const browser of ['', 'abc_-9', 'x'.repeat(43)]) {
    const cookie = browser ? `a=1; chamberlain-state=${browser}; b=2` : 'a=1';
    for (let length = 1; length < 140; length += 1) {
      const client = 'c'.repeat(length);
      same(ask(cookie, `${client} ${state(client, browser, 'salt')}`), [['unchanged', ORIGIN]], `${length}`);
    }
  }
  same(ask('__Host-chamberlain-state=x', `app ${state('app', 'x', 's')}`), [['unchanged', ORIGIN]], 'the name over https');
});

await check('another browser, another client, another origin and another salt are a change', () => {
  const asked = `app ${state('app', 'x', 'salt')}`;
  same(ask('chamberlain-state=y', asked), [['changed', ORIGIN]], 'another session');
  same(ask('', asked), [['changed', ORIGIN]], 'nobody signed in');
  same(ask('chamberlain-state=x', `other ${state('app', 'x', 'salt')}`), [['changed', ORIGIN]], 'another client');
  same(ask('chamberlain-state=x', asked, 'https://evil.example'), [['changed', 'https://evil.example']], 'another origin');
  same(ask('chamberlain-state=x', `${asked}x`), [['changed', ORIGIN]], 'another salt');
});

await check('what is no question is an error', () => {
  for (const odd of ['', 'app', 'app x.y', `app  ${state('app', 'x', 's')}`, `app ${state('app', 'x', 's')} more`, 7, null, { a: 1 }]) {
    same(ask('chamberlain-state=x', odd), [['error', ORIGIN]], JSON.stringify(odd));
  }
});
