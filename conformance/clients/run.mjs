// Starts the demo and the example applications, drives every client against them, counts.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDemo, startDemoOnPostgres } from './lib/demo.mjs';
import { startExamples } from './lib/examples.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const python = process.env.PYTHON ?? 'target/clients-venv/bin/python';
const clients = {
  docs: ['node', 'docs.mjs'],
  'openid-client': ['node', 'openid_client.mjs'],
  oauth4webapi: ['node', 'oauth4webapi.mjs'],
  fapi: ['node', 'fapi.mjs'],
  device: ['node', 'device.mjs'],
  streams: ['node', 'streams.mjs'],
  express: ['node', 'express.mjs'],
  authlib: [python, 'authlib_client.py'],
  idpyoidc: [python, 'idpyoidc_client.py'],
  'scim2-tester': [python, 'scim_tester.py'],
  'scim-sanity': [python, 'scim_sanity.py'],
  'scim2-client': [python, 'scim_hr.py'],
  provisioner: ['node', 'provisioner.mjs'],
  provisioning: ['node', 'provisioning.mjs'],
  push: ['node', 'push.mjs'],
  services: ['node', 'services.mjs'],
  'command-line': ['node', 'command_line.mjs'],
  senders: [python, 'senders.py'],
  factors: ['node', 'factors.mjs'],
  frame: ['node', 'frame.mjs'],
  story: ['node', 'story.mjs'],
  pages: ['node', 'pages.mjs'],
  // Have demos of their own: with nobody signed in yet, of other profiles, with certificates.
  examples: ['node', 'examples.mjs'],
  participants: ['node', 'participants.mjs'],
  imi: ['node', 'imi.mjs'],
  mtls: ['node', 'mtls.mjs'],
  apache: ['node', 'apache.mjs'],
  'oidc-agent': ['node', 'oidc_agent.mjs'],
  mlflow: ['node', 'mlflow.mjs'],
};
// What the system's package manager brings, or is large; only with `--all` or by name.
const heavy = ['apache', 'oidc-agent', 'mlflow'];
// Run on both engines, at the same time.
const onBoth = ['scim2-tester', 'scim-sanity', 'scim2-client'];
// Share nothing with the others, and run beside them: all of them wait for browsers and for what is told a moment later.
const onTheirOwn = ['examples', 'participants', 'imi', 'mtls'];
const chosen = process.argv.slice(2);
const names = Object.keys(clients).filter((name) => chosen.includes('--all') || (chosen.length === 0 ? !heavy.includes(name) : chosen.includes(name)));

let passed = 0;
let failed = 0;
const work = await mkdtemp(join(tmpdir(), 'chamberlain-run-'));
const demos = [];
let examples;
try {
  demos.push(await startDemo());
  examples = await startExamples(demos[0]);
  if (names.some((name) => onBoth.includes(name))) demos.push(await startDemoOnPostgres());
  for (const demo of demos) await writeFile(file(demo), JSON.stringify(demo), { mode: 0o600 });
  await Promise.all([runAll(names.filter((name) => !onTheirOwn.includes(name))), runAll(names.filter((name) => onTheirOwn.includes(name)))]);
} catch (error) {
  failed += 1;
  console.log(`FAIL  ${error.stack ?? error}`);
} finally {
  await examples?.stop();
  for (const demo of demos) await demo.stop();
  await rm(work, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** Runs clients one after the other, and says how long each took. */
async function runAll(some) {
  for (const name of some) {
    const begun = Date.now();
    const asked = onBoth.includes(name) ? demos : [demos[0]];
    await Promise.all(asked.map((demo) => run(clients[name], file(demo))));
    console.log(`      ${name}: ${Math.round((Date.now() - begun) / 1_000)} s`);
  }
}

/** Where a demo's document is. */
function file(demo) {
  return join(work, `${demo.engine}.json`);
}

/** Runs one client, passes its lines on and counts them; one that ends badly without saying so counts as failed. */
function run([program, script], file) {
  return new Promise((resolve) => {
    const child = spawn(program, [join(here, script), file], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, IMAS_URL: examples.imas, CASPER_URL: examples.casper } });
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
      process.stdout.write(data);
    });
    child.on('close', (code) => {
      const bad = (text.match(/^FAIL /gm) ?? []).length;
      passed += (text.match(/^ok /gm) ?? []).length;
      failed += bad;
      if (code !== 0 && bad === 0) {
        failed += 1;
        console.log(`FAIL  ${script} ended with ${code}`);
      }
      resolve();
    });
  });
}
