// What the pages name is there: files, folders, links, options, scripts; and the drawing of the house is the house.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { program } from '../../lib/cli/program.js';
import { conv2d, createRuntime, maxPool2d, zeros } from '../../lib/index.js';
import { filesUnder, root, text } from '../architecture/sources.js';
import { type Block, inlineCode, isThere, namedPaths, pages, projectFiles } from './pages.js';

const files = projectFiles();
const all = pages();
const contentOf = ({ prose, blocks }: { prose: string; blocks: readonly Block[] }) =>
  [prose, ...blocks.map(({ code }) => code)].join('\n');

/** Files of others that the pages speak of. */
const foreign = new Set(['cuda_runtime.h', 'napi.h', 'docs/src', 'docs/src/dev/extensions.rst', 'src/stats.cc']);
/** What a command of the project makes. */
const made = new Set(['docs/site']);
/** Modules of a reader's own, which the pages write as blocks. */
const own = /^(?:\.\/)?(?:lenet|digits|small|first)\.mjs$/;
/** What is read about other projects stands under this heading. */
const ownPart = (page: string, content: string) =>
  page === 'docs/architecture.md' ? content.split('## Worth reading first')[0]! : content;

describe.each(all.map((page) => [page.page, page] as const))('%s', (name, page) => {
  it('names files and folders that are there', () => {
    const named = namedPaths(ownPart(name, contentOf(page))).filter(
      (one) => !foreign.has(one) && !made.has(one) && !own.test(one) && !one.startsWith('../'),
    );
    expect(named.filter((one) => !isThere(one, files))).toEqual([]);
  });

  it('links to what is there', () => {
    const links = [...page.prose.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map((match) => match[1]!);
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => !existsSync(path.join(root, path.dirname(name), link)))).toEqual([]);
  });

  it('names options and scripts that there are', () => {
    const commands = program()
      .commands.flatMap((one) => [one, ...one.commands])
      .flatMap(({ options }) => options.map(({ long }) => long));
    const scripts = filesUnder('scripts', ['.mjs']).flatMap((file) => [...text(file).matchAll(/--[a-z][a-z-]*/g)]);
    const ofScripts = scripts.map(([option]) => option);
    const others = [
      '--help',
      '--version',
      '--ignore-scripts',
      '--fmad',
      '--ftz',
      '--prec-div',
      '--prec-sqrt',
      '--gres',
    ];
    const known = new Set([...commands, ...ofScripts, ...others]);
    const code = inlineCode(page.prose).flatMap((one) =>
      [...one.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option),
    );
    expect(code.filter((option) => !known.has(option))).toEqual([]);
    const run = [...contentOf(page).matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1]!);
    expect(Object.keys(JSON.parse(text('package.json')).scripts)).toEqual(expect.arrayContaining(run));
  });
});

describe('the drawing of the house', () => {
  const { code } = all
    .find(({ page }) => page === 'docs/architecture.md')!
    .blocks.find(({ heading }) => heading === 'The house')!;

  /** Entries of the drawing as paths: names before two spaces, below those they are set in from. */
  function entriesOf(drawing: string): string[] {
    const above: string[] = [];
    return drawing.split('\n').flatMap((line) => {
      const match = /^( {0,4})(\S+(?: \S+)*?)(?: {2,}|$)/.exec(line);
      if (match === null || line.trim() === '' || match[1]!.length % 2 === 1) return [];
      const depth = match[1]!.length / 2;
      const names = depth === 0 && !line.includes('/') ? [] : match[2]!.split(' ');
      above.length = depth;
      above[depth] = names[0] ?? '';
      return names.map((name) => path.posix.join(...above.slice(0, depth), name));
    });
  }
  const entries = entriesOf(code);

  it('shows nothing that is not there', () => {
    expect(entries.length).toBeGreaterThan(60);
    expect(entries.filter((entry) => !existsSync(path.join(root, entry)))).toEqual([]);
  });

  it('shows every room there is', () => {
    const ignored = new Set(['node_modules', 'build', 'dist', 'coverage', 'reports']);
    const foldersOf = (folder: string) =>
      readdirSync(path.join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !ignored.has(entry.name))
        .map(({ name }) => `${path.posix.join(folder, name)}/`);
    const rooms = ['', 'native', 'lib', 'test', 'bench'].flatMap(foldersOf);
    expect(rooms.filter((room) => !entries.includes(room))).toEqual([]);
  });
});

describe('the errors that are shown', () => {
  const { code } = all
    .find(({ page }) => page === 'docs/architecture.md')!
    .blocks.find(({ heading }) => heading === 'Errors')!;
  const said = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      return (error as Error).message;
    }
    return 'nothing';
  };

  it('are those that are thrown, and have their form', () => {
    const runtime = createRuntime({ threads: 1 });
    const of = (shape: number[]) => zeros(runtime, shape);
    expect(code.trimEnd().split('\n').slice(0, 2)).toEqual([
      said(() => conv2d(of([1, 8, 8, 64]), of([3, 3, 32, 128]))),
      said(() => maxPool2d(of([1, 8, 8, 1]), { poolSize: 2, strides: 0 })),
    ]);
    runtime.dispose();
    for (const line of code.trimEnd().split('\n')) expect(line).toMatch(/^\w+: expected .+, got .+(; .+)?$/);
  });
});
