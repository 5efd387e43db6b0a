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
// What shares a demo goes one after the other, and these beside it: all of them wait for browsers and for what is told a moment later.
const onTheirOwn = ['examples', 'participants', 'imi', 'mtls'];
// Follows links and weighs pages, and wants nobody to change what is on them.
const undisturbed = ['pages'];
const chosen = process.argv.slice(2);
const names = Object.keys(clients).filter((name) => chosen.includes('--all') || (chosen.length === 0 ? !heavy.includes(name) : chosen.includes(name)));

let passed = 0;
let failed = 0;
const work = await mkdtemp(join(tmpdir(), 'chamberlain-run-'));
const running = [];
const of = (some) => names.filter((name) => some.includes(name));
const together = names.filter((name) => ![...onTheirOwn, ...undisturbed].includes(name));
// Two lanes, about as long as each other: more would only wait for processors.
const lanes = [runWithDemo(together), runAll(of(onTheirOwn), []).then(() => runWithDemo(of(undisturbed)))];
const ends = await Promise.allSettled(lanes);
for (const { reason } of ends.filter((end) => end.status === 'rejected')) {
  failed += 1;
  console.log(`FAIL  ${reason.stack ?? reason}`);
}
for (const one of running.reverse()) await one.stop();
await rm(work, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** Runs clients against a demo that is theirs, with the example applications; on PostgreSQL as well where one of them runs on both. */
async function runWithDemo(some) {
  if (some.length === 0) return;
  const started = async (demo) => {
    running.push(demo);
    const path = join(work, `${running.length}.json`);
    await writeFile(path, JSON.stringify(demo), { mode: 0o600 });
    return { path, demo };
  };
  const first = await started(await startDemo());
  const examples = await startExamples(first.demo);
  running.push(examples);
  const demos = some.some((name) => onBoth.includes(name)) ? [first, await started(await startDemoOnPostgres())] : [first];
  await runAll(some, demos, { IMAS_URL: examples.imas, CASPER_URL: examples.casper });
}

/** Runs clients one after the other, and says how long each took. */
async function runAll(some, demos, addresses) {
  for (const name of some) {
    const begun = Date.now();
    const asked = onBoth.includes(name) ? demos.map((one) => one.path) : [demos[0]?.path ?? ''];
    await Promise.all(asked.map((path) => run(clients[name], path, addresses)));
    console.log(`      ${name}: ${Math.round((Date.now() - begun) / 1_000)} s`);
  }
}

/** Runs one client, passes its lines on and counts them; one that ends badly without saying so counts as failed. */
function run([program, script], path, addresses) {
  return new Promise((resolve) => {
    const child = spawn(program, [join(here, script), path], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...addresses } });
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
