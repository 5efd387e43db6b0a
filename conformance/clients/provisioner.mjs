// The example personnel system: joiners, movers and leavers, twice; the second run changes nothing.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, holds, same } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const PROGRAM = `${process.env.EXAMPLES ?? 'target/debug/examples'}/hr_provisioner`;
const service = demo.service_clients.find((one) => one.organisation === 'Bank B' && !one.roles.includes('ApplicationAccessAdmin'));
const people = Number(process.env.PEOPLE ?? 500);
const file = join(await mkdtemp(join(tmpdir(), 'chamberlain-hr-')), 'staff.csv');

function run() {
  const flags = ['--issuer', demo.issuer, '--client-id', service.client_id, `--client-secret=${service.client_secret}`, '--file', file];
  const { status, stdout, stderr } = spawnSync(PROGRAM, flags, { encoding: 'utf8' });
  holds(status === 0, `ended with ${status}: ${stderr}${stdout.slice(-500)}`);
  return stdout.trim().split('\n').at(-1);
}

function line(number, { moved = false, left = false } = {}) {
  const name = `p${number}`;
  return `S-${number},Pat,Person${number},${name}@bank-b.example,+49151${String(1_000_000 + number)},${moved ? 'Bank B France' : 'Bank B'},${left ? 'left' : 'employed'}`;
}

async function staff(options) {
  const head = 'personnel_number,given_name,family_name,email,phone,organisation,status';
  const lines = Array.from({ length: people }, (_, index) => line(index, options(index)));
  await writeFile(file, [head, ...lines, ''].join('\n'));
}

const report = (created, changed, deactivated) =>
  `${people} people: ${created} created, ${changed} changed, ${deactivated} deactivated, ${people - created - changed - deactivated} unchanged, 0 refused`;

await check('provisioner: joiners are created', async () => {
  await staff(() => ({}));
  same(run(), report(people, 0, 0), 'report');
});
await check('provisioner: a second run changes nothing', () => same(run(), report(0, 0, 0), 'report'));
await check('provisioner: movers and leavers', async () => {
  await staff((number) => ({ moved: number < 10, left: number >= 10 && number < 15 }));
  same(run(), report(0, 10, 5), 'report');
});
await check('provisioner: people of another customer do not exist', async () => {
  const token = await (await fetch(`${demo.issuer}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${service.client_id}:${service.client_secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'users:read users:write' }),
  })).json();
  const stranger = demo.accounts.find((one) => one.organisation === 'Bank A');
  const filter = encodeURIComponent(`userName eq "${stranger.email}"`);
  const list = await (await fetch(`${demo.issuer}/scim/v2/Users?filter=${filter}`, { headers: { authorization: `Bearer ${token.access_token}` } })).json();
  same(list.totalResults, 0, 'people of Bank A found');
});
