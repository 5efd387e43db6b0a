// The commands of `docs/provisioning/command-line.md`: one block of the page after the other, in one shell, against what the page says that
// they answer. A block below a comment that begins with `not run` is left out.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { check, holds, same } from './lib/report.mjs';

const PAGE = new URL('../../docs/provisioning/command-line.md', import.meta.url);
const PART = /(<!-- not run[^\n]*\n)?^```sh\n([\s\S]*?)^```\n(?:```text\n([\s\S]*?)^```\n)?|^(##|###) (.+)$/gm;
const END = '--- the end of a block ---';
const demo = JSON.parse(await readFile(process.argv[2], 'utf8'));

/** The blocks that run: where they stand, the commands, and what they answer. */
function blocksOf(page) {
  const blocks = [];
  let [chapter, section] = ['', ''];
  for (const [, left, commands, answer = '', level, title] of page.matchAll(PART)) {
    if (level) [chapter, section] = level === '##' ? [title, ''] : [chapter, `, ${title}`];
    else if (!left) blocks.push({ title: chapter + section, commands, answer });
  }
  return blocks;
}

/** What each block answered, as far as they came, and what was said besides. */
async function answersOf(blocks) {
  const service = demo.service_clients.find((one) => one.organisation === 'Bank B' && one.roles.includes('ApplicationAccessAdmin'));
  const folder = await mkdtemp(join(tmpdir(), 'chamberlain-commands-'));
  // `scim2` is beside Python.
  const path = `${dirname(resolve(process.env.PYTHON))}${delimiter}${process.env.PATH}`;
  const env = { ...process.env, PATH: path, ISSUER: demo.issuer, CLIENT: service.client_id, SECRET: service.client_secret };
  const script = join(folder, 'commands.sh');
  await writeFile(script, blocks.map(({ commands }) => `${commands}echo '${END}'\n`).join(''));
  const child = spawn('bash', ['-euo', 'pipefail', script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, said] = ['', ''];
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (said += data));
  await new Promise((done) => child.once('close', done));
  await rm(folder, { recursive: true, force: true });
  return { answers: out.split(`${END}\n`), said };
}

const blocks = blocksOf(await readFile(PAGE, 'utf8'));
const { answers, said } = await answersOf(blocks);
for (const [number, { title, answer }] of blocks.entries()) {
  await check(`command line: ${title}`, () => {
    holds(number < answers.length - 1, `did not run to its end: ${answers[number] ?? ''}${said}`);
    same(answers[number], answer, 'the answer');
  });
}
await check('command line: the page has its blocks, and nothing is said besides', () => {
  holds(blocks.length > 10, `${blocks.length} blocks`);
  same(said, '', 'said besides');
});
