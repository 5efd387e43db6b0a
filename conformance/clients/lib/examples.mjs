// Starts the example applications at the addresses for which their clients are registered.
import { spawn } from 'node:child_process';
import { client, end } from './demo.mjs';

const FOLDER = process.env.EXAMPLES ?? 'target/debug/examples';

/** The relying applications of the demo: address by name, and how to stop them. */
export async function startExamples(demo) {
  const applications = [
    ['imas', client(demo, 'IMAS'), []],
    ['casper', client(demo, 'CASPER'), []],
    ['casper', demo.clients.find((one) => one.application === 'CASPER' && one.environment !== 'production'), ['--environment', 'pre-production']],
  ];
  const children = [];
  const addresses = [];
  for (const [name, registered, more] of applications) {
    const { origin, hostname, port } = new URL(registered.redirect_uris[0]);
    const listen = `${hostname === 'localhost' ? '127.0.0.1' : hostname}:${port}`;
    // A secret may begin with a hyphen.
    const flags = ['--issuer', demo.issuer, '--client-id', registered.client_id, `--client-secret=${registered.client_secret}`];
    const child = spawn(`${FOLDER}/${name}`, [...flags, '--listen', listen, '--public-url', origin, ...more], { stdio: ['ignore', 'inherit', 'inherit'] });
    children.push(child);
    addresses.push(origin);
    await answers(`${origin}/terms`, child, name);
  }
  return { imas: addresses[0], casper: addresses[1], casperPreProduction: addresses[2], stop: () => Promise.all(children.map(end)) };
}

async function answers(url, child, name) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    const up = await fetch(url).then((answer) => answer.ok, () => false);
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} does not answer`);
}
