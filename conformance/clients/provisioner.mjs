// The example personnel system: joiners, movers, leavers, who comes back, and reconciliation; a second run changes nothing.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, holds, same } from './lib/report.mjs';

const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));
const PROGRAM = `${process.env.EXAMPLES ?? 'target/debug/examples'}/hr_provisioner`;
const service = demo.service_clients.find((one) => one.organisation === 'Bank B' && !one.roles.includes('ApplicationAccessAdmin'));
const people = Number(process.env.PEOPLE ?? 500);
const folder = await mkdtemp(join(tmpdir(), 'chamberlain-hr-'));
const COLUMNS = ['personnel_number', 'given_name', 'family_name', 'email', 'phone', 'organisation', 'status'];

/** The list as it is now; changed from check to check. */
const staff = Array.from({ length: people }, (_, number) => ({
  personnel_number: `S-${number}`,
  given_name: 'Pat',
  family_name: `Person${number}`,
  email: `p${number}@bank-b.example`,
  phone: `+49151${String(1_000_000 + number)}`,
  organisation: 'Bank B',
  status: 'employed',
}));

function change(from, to, changes) {
  for (let number = from; number < to; number += 1) Object.assign(staff[number], changes);
}

async function ended(list, format, ...further) {
  const file = join(folder, `staff.${format}`);
  const csv = [COLUMNS, ...list.map((one) => COLUMNS.map((column) => one[column]))].map((line) => `${line.join(',')}\n`).join('');
  await writeFile(file, format === 'json' ? JSON.stringify(list) : csv);
  const flags = ['--issuer', demo.issuer, '--client-id', service.client_id, `--client-secret=${service.client_secret}`, '--file', file, ...further];
  return spawnSync(PROGRAM, flags, { encoding: 'utf8' });
}

/** Runs it with a list, as CSV unless told otherwise; the last line of the report. */
async function run(list = staff, format = 'csv', ...further) {
  const { status, stdout, stderr } = await ended(list, format, ...further);
  holds(status === 0, `ended with ${status}: ${stderr}${stdout.slice(-500)}`);
  return stdout.trim().split('\n').at(-1);
}

function report({ of = people, created = 0, changed = 0, rehired = 0, deactivated = 0, others = 0, missing = 0 }) {
  const unchanged = of - created - changed - rehired - deactivated;
  return `${of} people: ${created} created, ${changed} changed, ${rehired} rehired, ${deactivated + others} deactivated, ${unchanged} unchanged, 0 refused; ${missing} missing from the list`;
}

const token = await (await fetch(`${demo.issuer}/oauth2/token`, {
  method: 'POST',
  headers: { authorization: `Basic ${btoa(`${service.client_id}:${service.client_secret}`)}` },
  body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'users:read users:write' }),
})).json();
const bearer = { authorization: `Bearer ${token.access_token}`, 'content-type': 'application/scim+json' };

async function find(filter) {
  const query = new URLSearchParams({ filter });
  return (await fetch(`${demo.issuer}/scim/v2/Users?${query}`, { headers: bearer })).json();
}

await check('provisioner: says what it would do, and does nothing', async () => {
  same(await run(staff, 'csv', '--dry-run'), report({ created: people }), 'report');
  same((await find('userName eq "p0@bank-b.example"')).totalResults, 0, 'people created');
});
await check('provisioner: joiners are created', async () => same(await run(), report({ created: people }), 'report'));
await check('provisioner: a second run changes nothing, from JSON either', async () => {
  same(await run(), report({}), 'report');
  same(await run(staff, 'json'), report({}), 'report');
});
await check('provisioner: movers and leavers', async () => {
  change(0, 10, { organisation: 'Bank B France' });
  change(10, 15, { status: 'left' });
  same(await run(), report({ changed: 10, deactivated: 5 }), 'report');
  same(await run(), report({}), 'report of a second run');
});
await check('provisioner: who comes back is the same account, where they are now', async () => {
  const { Resources: [before] } = await find('externalId eq "S-10"');
  change(10, 11, { status: 'employed', organisation: 'Bank B Germany' });
  same(await run(staff, 'json'), report({ rehired: 1 }), 'report');
  const { Resources: [after] } = await find('externalId eq "S-10"');
  same([before.active, after.active, after.id], [false, true, before.id], 'the account');
});
await check('provisioner: with another name and address somebody is still the same', async () => {
  const { Resources: [before] } = await find('externalId eq "S-20"');
  change(20, 21, { family_name: 'Married', email: 'p20.married@bank-b.example' });
  same(await run(), report({ changed: 1 }), 'report');
  const { Resources: [after] } = await find('userName eq "p20.married@bank-b.example"');
  same([after.id, after.name.familyName], [before.id, 'Married'], 'the account');
  same(await run(), report({}), 'report of a second run');
});
await check('provisioner: what somebody else changed is put right', async () => {
  const { Resources: [one] } = await find('externalId eq "S-30"');
  const Operations = [{ op: 'replace', path: 'active', value: false }, { op: 'replace', path: 'name.familyName', value: 'Other' }];
  await fetch(`${demo.issuer}/scim/v2/Users/${one.id}`, { method: 'PATCH', headers: bearer, body: JSON.stringify({ Operations }) });
  same(await run(), report({ rehired: 1 }), 'report');
  same((await find('externalId eq "S-30"')).Resources[0].name.familyName, 'Person30', 'the name');
});
await check('provisioner: who is missing from the list is told, and deactivated if that is asked for', async () => {
  const list = staff.slice(0, -3);
  same(await run(list), report({ of: people - 3, missing: 3 }), 'report');
  same(await run(list, 'csv', '--deactivate-missing'), report({ of: people - 3, others: 3, missing: 3 }), 'report of deactivating');
  same(await run(), report({ rehired: 3 }), 'report with all of them again');
});
await check('provisioner: half a list ends nobody, and a list that contradicts itself is not taken', async () => {
  const half = await ended(staff.slice(0, people / 2), 'csv', '--deactivate-missing');
  same([half.status, /nothing is done/.test(half.stderr)], [1, true], `half a list: ${half.stderr}`);
  const twice = await ended([...staff, { ...staff[0], status: 'left' }], 'json');
  same([twice.status, /`S-0` is in the list twice/.test(twice.stderr)], [1, true], `a number twice: ${twice.stderr}`);
  same(await run(), report({}), 'report of the whole list');
});
await check('provisioner: people of another customer do not exist', async () => {
  const stranger = demo.accounts.find((one) => one.organisation === 'Bank A');
  same((await find(`userName eq "${stranger.email}"`)).totalResults, 0, 'people of Bank A found');
});
await rm(folder, { recursive: true });
