// The pages of `docs/clients/`: each block of code below a comment that names a file is that file, or a region of it, as it runs here.
//
// In a page `<!-- conformance/clients/apache/httpd.conf -->`, or `<!-- conformance/clients/openid_client.mjs: sign-in -->` for what stands
// there between `docs: sign-in` and `docs end`, each in a comment of its own line. `node conformance/clients/docs.mjs --write` fills the blocks
// in; without arguments they are compared.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { check, holds, same } from './lib/report.mjs';

const root = new URL('../../', import.meta.url);
const folder = new URL('docs/clients/', root);
const writes = process.argv.includes('--write');
const LANGUAGES = { mjs: 'js', py: 'python', rs: 'rust', sh: 'sh', conf: 'apache', html: 'html' };

/** A file, or a region of it, without the indentation that all of it has. */
async function source(path, region) {
  const text = await readFile(new URL(path, root), 'utf8');
  if (!region) return text.trimEnd();
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => /^\s*(\/\/|#) docs: /.test(line) && line.trimEnd().endsWith(` docs: ${region}`));
  const length = lines.slice(begin).findIndex((line) => /^\s*(\/\/|#) docs end$/.test(line));
  if (begin < 0 || length < 0) throw new Error(`${path} has no region ${region}`);
  const inside = lines.slice(begin + 1, begin + length);
  const indent = Math.min(...inside.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length));
  return inside.map((line) => line.slice(indent)).join('\n').trim();
}

/** The page as it should be, and how many blocks it has. */
async function filled(page) {
  const parts = page.split(/^<!-- ([^\s:]+)(?:: (.+))? -->\n```\w*\n[\s\S]*?^```$/m);
  let text = parts[0];
  for (let at = 1; at < parts.length; at += 3) {
    const [path, region, after] = parts.slice(at, at + 3);
    const name = region ? `${path}: ${region}` : path;
    const language = LANGUAGES[path.split('.').at(-1)] ?? '';
    text += `<!-- ${name} -->\n\`\`\`${language}\n${await source(path, region)}\n\`\`\`${after}`;
  }
  return { text, blocks: (parts.length - 1) / 3 };
}

const pages = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();

await check('docs: the pages about programs show the files that run', async () => {
  for (const name of pages) {
    const path = new URL(name, folder);
    const page = await readFile(path, 'utf8');
    const { text, blocks } = await filled(page);
    holds(blocks > 0 || name === 'README.md', `${name} shows no file`);
    if (writes && text !== page) await writeFile(path, text);
    else holds(text === page, `docs/clients/${name} is not current: run node ${fileURLToPath(import.meta.url)} --write`);
  }
});

await check('docs: each page stands in the list, and each command in a page is one of the runner', async () => {
  const index = await readFile(new URL('README.md', folder), 'utf8');
  same([...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name).sort(), pages.filter((name) => name !== 'README.md'), 'pages in the list');
  const runner = await readFile(new URL('run.mjs', import.meta.url), 'utf8');
  for (const name of pages) {
    for (const [, client] of (await readFile(new URL(name, folder), 'utf8')).matchAll(/conformance\/clients\/run ([\w-]+)/g)) {
      holds(new RegExp(`^  '?${client}'?: \\[`, 'm').test(runner), `${name} names ${client}`);
    }
  }
});
