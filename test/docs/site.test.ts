// The site that `npm run docs` builds: each page stands in its sidebar once, and each link leads to a heading that is there.
// The build itself takes a minute and is run on demand; it fails on a dead link and on any word of TypeDoc.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesUnder, root, text } from '../architecture/sources.js';
import { readPage } from './pages.js';

interface Entry {
  text: string;
  link?: string;
  items?: Entry[];
}

const { sidebar, reference } = (await import(path.join(root, 'docs/.vitepress/sidebar.mjs'))) as {
  sidebar: Entry[];
  reference: Entry[];
};
const { pagesOf, rootPages, withSiteLinks } = await import(path.join(root, 'scripts/docs/pages.mjs'));
const pages: Record<string, string> = pagesOf(root);
const written = Object.keys(pages).filter((file) => file.endsWith('.md'));

const linksOf = (entries: Entry[]): string[] =>
  entries.flatMap(({ link, items }) => [...(link === undefined ? [] : [link]), ...linksOf(items ?? [])]);
const nameOf = (link: string) => `${link.slice(1)}.md`;

/** A heading as the name that its place on the page has: as VitePress makes it. */
const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/`/g, '')
    .normalize('NFKD')
    .replaceAll(/[\s~`!@#$%^&*()\-_+=[\]{}|\\;:"'“”‘’<>,.?/]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .replace(/^(\d)/, '_$1')
    .toLowerCase();

/** The places of a page that a link may name. */
function anchorsOf(file: string): Set<string> {
  const { prose } = readPage(file);
  return new Set([...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!)));
}

describe('the sidebar', () => {
  const listed = linksOf(sidebar).map(nameOf);

  it('has every page once, and no other', () => {
    const own = listed.filter((name) => !name.startsWith('reference/'));
    expect([...own].sort()).toEqual(written.map((file) => pages[file]).sort());
  });

  it('has a page for each group of public names', () => {
    const groups = filesUnder('lib/public', ['.ts']).map((file) => path.basename(file, '.ts'));
    const told = reference.map(({ link }) => link!.replace('/reference/', ''));
    for (const group of groups)
      if (group !== 'index') expect(text('docs/reference.md')).toContain(`(../lib/public/${group}.ts)`);
    expect(groups.filter((group) => group !== 'index' && !told.includes(group))).toEqual([]);
    expect(new Set(told).size).toBe(told.length);
  });

  it('begins each page with one heading', () => {
    const first = (file: string) => readFileSync(path.join(root, file), 'utf8').match(/^# /gm)?.length ?? 0;
    expect(written.filter((file) => !/^---|^# /.test(text(file)) || first(file) > 1)).toEqual([]);
  });
});

describe.each([...written, 'README.md'])('%s', (file) => {
  const { prose } = readPage(file);
  const links = [...prose.matchAll(/\]\((?![a-z]+:)([^)#\s]*)#([^)\s]+)\)/g)];

  it('links to headings that are there', () => {
    const missing = links.filter(([, target, anchor]) => {
      const page = target === '' ? file : path.posix.join(path.posix.dirname(file), target!);
      return !anchorsOf(page).has(anchor!);
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });
});

describe('a link', () => {
  const repository = 'https://host/samebits';
  const moved = (file: string, link: string) => withSiteLinks(`[x](${link})`, { root, file, pages, repository });

  it('leads to the page of the site, or else to the repository', () => {
    expect(Object.keys(rootPages)).toContain('CONTRIBUTING.md');
    expect(moved('CONTRIBUTING.md', 'docs/contract.md')).toBe('[x](./contract.md)');
    expect(moved('docs/papers/alahmari-2020.md', '../counting.md#x')).toBe('[x](../counting.md#x)');
    expect(moved('docs/study.md', '../examples/thesis.json')).toBe(
      '[x](https://host/samebits/blob/main/examples/thesis.json)',
    );
    expect(moved('docs/study.md', '../lib/public/data.ts')).toBe('[x](./reference/data.md)');
    expect(moved('docs/study.md', 'https://other')).toBe('[x](https://other)');
  });

  it('to nothing is refused', () => {
    expect(() => moved('docs/study.md', 'nowhere.md')).toThrow(
      'docs: expected docs/study.md to link to what is there, got nowhere.md',
    );
  });
});

describe('the package', () => {
  it('has the pages, and neither the site nor its settings', () => {
    const { files, dependencies, devDependencies } = JSON.parse(text('package.json'));
    expect(files).toEqual(expect.arrayContaining(['docs', '!docs/site', '!docs/.vitepress']));
    for (const name of ['vitepress', 'typedoc', 'typedoc-plugin-markdown']) {
      expect(dependencies).not.toHaveProperty([name]);
      expect(devDependencies[name]).toMatch(/^\d/);
    }
    expect(readdirSync(path.join(root, 'docs'))).toContain('.vitepress');
  });
});
