// Builds the site into docs/site, without a network: the pages of docs/, and the reference of the library from doc comments.
//   --base /samebits/   the path below which it will be served, by default /
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vitepress';
import { reference } from '../docs/.vitepress/sidebar.mjs';
import { writePages } from './docs/pages.mjs';
import { writeReference } from './docs/reference.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({ options: { base: { type: 'string', default: '/' } } });
if (!/^\/(.*\/)?$/.test(values.base)) {
  console.error(`docs: expected --base to begin and end with /, got '${values.base}'`);
  process.exit(2);
}

const pages = path.join(root, 'build/docs');
rmSync(pages, { recursive: true, force: true });
mkdirSync(pages, { recursive: true });
const { repository } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
writePages(root, pages, repository.url.replace(/^git\+|\.git$/g, ''));
const titles = Object.fromEntries(reference.map(({ text, link }) => [link.replace('/reference/', ''), text]));
await writeReference(root, path.join(pages, 'reference'), titles);
process.env.SAMEBITS_DOCS_BASE = values.base;
await build(path.join(root, 'docs'));
