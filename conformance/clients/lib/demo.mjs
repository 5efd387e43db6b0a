// Starts `chamberlain demo --json` on a free port and knows its people, clients and outbox.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const CHAMBERLAIN = process.env.CHAMBERLAIN ?? 'target/debug/chamberlain';

/** The demo document (issuer, outbox, accounts, clients, service_clients) of a fresh server, where its database is, and how to stop it. */
export const startDemo = (...further) => start({}, further);

/** The same on a throw-away PostgreSQL. */
export async function startDemoOnPostgres(...further) {
  const postgres = await startPostgres();
  try {
    const demo = await start({ CHAMBERLAIN__DATABASE__URL: postgres.url }, further);
    const stop = () => demo.stop().finally(postgres.stop);
    return { ...demo, engine: 'PostgreSQL', stop };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function start(environment, further) {
  const dir = await mkdtemp(join(tmpdir(), 'chamberlain-clients-'));
  const flags = ['--json', '--port', '0', '--data-dir', dir, ...further];
  const child = spawn(CHAMBERLAIN, ['demo', ...flags], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  let log = '';
  child.stderr.on('data', (data) => (log += data));
  const stop = async () => {
    await end(child);
    await rm(dir, { recursive: true, force: true });
  };
  try {
    return { ...(await firstDocument(child, () => log)), engine: 'SQLite', dir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A PostgreSQL that is there until its standard input ends, so also when this process is killed. */
async function startPostgres() {
  const script = fileURLToPath(new URL('../../with-postgres', import.meta.url));
  const child = spawn(script, ['sh', '-c', 'echo "$CHAMBERLAIN_TEST_POSTGRES_URL"; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const stop = () => {
    child.stdin.end();
    return ended;
  };
  const url = await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended]);
  if (!Buffer.isBuffer(url)) throw new Error('PostgreSQL does not start');
  return { url: String(url).trim(), stop };
}

const database = (demo) => ({ CHAMBERLAIN__DATABASE__URL: `sqlite:${join(demo.dir, 'chamberlain.db')}` });

/** Runs a command of the console on the database of a demo; its JSON document. */
export async function atConsole(demo, ...args) {
  const { stdout } = await promisify(execFile)(CHAMBERLAIN, ['--json', ...args], { env: { ...process.env, ...database(demo) } });
  return JSON.parse(stdout);
}

/** Runs a script of this folder that asks the console for something, as the docs show it; its JSON document. */
export async function byScript(demo, script, settings = {}) {
  const path = `${dirname(resolve(CHAMBERLAIN))}${delimiter}${process.env.PATH}`;
  const { stdout } = await promisify(execFile)(fileURLToPath(new URL(`../${script}`, import.meta.url)), { env: { ...process.env, ...database(demo), PATH: path, ...settings } });
  return JSON.parse(stdout);
}

function firstDocument(child, log) {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`the demo said nothing for 120 s\n${log()}`)), 120_000);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the demo ended with ${code}\n${log()}`)));
    child.stdout.on('data', (data) => {
      text += data;
      try {
        resolve(JSON.parse(text));
        clearTimeout(timer);
      } catch {
        // Not the whole document yet.
      }
    });
  });
}

/** Asks a process to stop as Ctrl-C does and waits for it; one that stays is killed. */
export function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGINT');
  });
}

/** A port that is free now. */
export const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const free = server.address().port;
    server.close(() => resolve(free));
  });
});

/** Waits until a program answers at an address. */
export async function answers(url, child, name) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    const up = await fetch(url).then((answer) => answer.ok, () => false);
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} does not answer`);
}

/** The first account that satisfies `test`. */
export function account(demo, what, test) {
  const found = demo.accounts.find(test);
  if (!found) throw new Error(`the demo has no ${what}`);
  return found;
}

/** The OIDC client of an application in an environment. */
export function client(demo, application, environment = 'production') {
  const fits = (one) => one.application === application && one.environment === environment;
  const found = demo.clients.find(fits);
  if (!found) throw new Error(`the demo has no client of ${application} ${environment}`);
  return found;
}

/** What was sent to a phone number or address so far, oldest first. */
export async function sent(demo, to) {
  const messages = await (await fetch(demo.outbox)).json();
  return messages.filter((message) => message.to === to).sort((a, b) => String(a.at).localeCompare(String(b.at)));
}

/** Waits for the message after the first `seen` ones. */
export async function nextMessage(demo, to, seen) {
  for (const started = Date.now(); Date.now() - started < 15_000; ) {
    const messages = await sent(demo, to);
    if (messages.length > seen) return messages.at(-1).text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no message arrived within 15 s');
}

/** The six digits of a message. */
export function codeIn(text) {
  const code = /\b(\d{3})[ -]?(\d{3})\b/.exec(text);
  if (!code) throw new Error('the message holds no code');
  return code[1] + code[2];
}
