// The pages of the project as text: their code blocks, the code within lines, and the files they name.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root, text } from '../architecture/sources.js';

const unread = new Set(['node_modules', 'build', 'dist', '.git', 'docs/site']);

/** Every file of the project as a path from the root, without what is built or installed. */
export function projectFiles(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !unread.has(path.posix.join(folder, name)))
    .flatMap((entry) => {
      const name = path.posix.join(folder, entry.name);
      return entry.isDirectory() ? projectFiles(name) : [name];
    });
}

/** A fenced block: what its fence says, under which heading it stands, and what is in it. */
export interface Block {
  page: string;
  /** Of its first line, from 1. */
  line: number;
  heading: string;
  language: string;
  code: string;
}

/** A page: its blocks, lines of code that no fence holds, and everything else as prose. */
export interface Page {
  page: string;
  blocks: Block[];
  unfenced: number[];
  prose: string;
}

export function readPage(page: string, content = text(page)): Page {
  const found: Page = { page, blocks: [], unfenced: [], prose: '' };
  let heading = '';
  let open: Block | undefined;
  let before = '';
  let last = '';
  for (const [i, line] of content.split('\n').entries()) {
    if (line.startsWith('```')) {
      if (open !== undefined) found.blocks.push(open);
      open = open === undefined ? { page, line: i + 2, heading, language: line.slice(3).trim(), code: '' } : undefined;
    } else if (open !== undefined) {
      open.code += `${line}\n`;
    } else {
      heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
      // Four spaces behind an empty line make a block, unless the paragraph before belongs to a list.
      if (/^(?: {4}|\t)\S/.test(line) && before === '' && !/^\s|^[-*\d]/.test(last)) found.unfenced.push(i + 1);
      found.prose += `${line}\n`;
    }
    before = line;
    if (line !== '') last = line;
  }
  return found;
}

export const pages = (): Page[] =>
  projectFiles()
    .filter((file) => file.endsWith('.md'))
    .map((page) => readPage(page));

/** Code within the lines of a text. */
export const inlineCode = (prose: string): string[] => [...prose.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);

const rooms = 'lib|native|test|bench|docs|scripts|examples';
const sourceFile = /(?<![\w./<>*-])[\w./-]+\.(?:ts|cc|h|cu|cjs|inc|mjs|py)\b(?!\.)/g;

/** Files and folders of the project that a text names, as it names them. */
export function namedPaths(content: string): string[] {
  const below = [...content.matchAll(new RegExp(`(?<![\\w./-])(?:${rooms})/[\\w./<>*-]*`, 'g'))].map(([name]) => name);
  const sources = [...content.matchAll(sourceFile)].map(([name]) => name);
  return [...below, ...sources].map((name) => name.replace(/\.+$/, '')).filter((name) => !/[<>*]/.test(name));
}

/** Whether a named path is there: from the root or as the end of a file's path, with its ending or without. */
export function isThere(name: string, files: readonly string[]): boolean {
  if (existsSync(path.join(root, name))) return true;
  return files.some((file) => file.endsWith(`/${name}`) || file.startsWith(`${name}.`));
}
