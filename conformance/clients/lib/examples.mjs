// Starts the example applications at the addresses for which their clients are registered.
import { spawn } from 'node:child_process';
import { answers, end } from './demo.mjs';

const FOLDER = process.env.EXAMPLES ?? 'target/debug/examples';

/** The relying applications of the demo: addresses, and how to stop them. */
export async function startExamples(demo) {
  const children = [];
  for (const registered of demo.clients) {
    const { origin, hostname, port } = new URL(registered.redirect_uris[0]);
    const listen = `${hostname === 'localhost' ? '127.0.0.1' : hostname}:${port}`;
    // A secret may begin with a hyphen.
    const flags = ['--issuer', demo.issuer, '--client-id', registered.client_id, `--client-secret=${registered.client_secret}`];
    const more = [...flags, '--listen', listen, '--public-url', origin, ...registered.arguments];
    const child = spawn(`${FOLDER}/${registered.program}`, more, { stdio: ['ignore', 'inherit', 'inherit'] });
    children.push(child);
    await answers(`${origin}/terms`, child, registered.program);
  }
  const at = (client) => demo.clients.filter((one) => one.client_id === client).map((one) => new URL(one.redirect_uris[0]).origin)[0];
  return { at, imas: at('imas'), casper: at('casper'), casperPreProduction: at('casper-pre'), stop: () => Promise.all(children.map(end)) };
}
