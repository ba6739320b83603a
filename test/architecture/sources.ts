// Reads the sources as text: which files there are and what each imports or includes.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** All files under a folder of the repository with one of these endings, as paths from the root. */
export function filesUnder(folder: string, endings: readonly string[]): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}

export const text = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** Removes comments, so that a word in one is no import. */
const withoutComments = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

/** The module names a TypeScript file imports, as written. */
export function imports(file: string): string[] {
  const source = withoutComments(text(file));
  const found = [...source.matchAll(/(?:^|[\s;])(?:import|export)\s[^'";]*?from\s*'([^']+)'/g)];
  const bare = [...source.matchAll(/(?:^|[\s;])import\s*'([^']+)'/g)];
  const dynamic = [...source.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)];
  const lazy = [...source.matchAll(/\b(?:lazy|extra)Package(?:<.*>)?\(\s*(?:'\w+',\s*)?'([^']+)'\s*\)/g)];
  return [...found, ...bare, ...dynamic, ...lazy].map((match) => match[1]!);
}

/** The packages that are loaded together with a TypeScript file: what it imports as values, outside any function. */
export function loadedWith(file: string): string[] {
  const found = withoutComments(text(file)).matchAll(
    /^(?:import|export)\s+(?!type\b)(?:[^'";]*?from\s*)?'([^'.][^']*)'/gm,
  );
  return [...found].map((match) => match[1]!).filter((name) => !name.startsWith('node:'));
}

/** The files a C++ or CUDA file includes, as written. */
export const includes = (file: string): string[] =>
  [...withoutComments(text(file)).matchAll(/^\s*#\s*include\s*["<]([^">]+)[">]/gm)].map((match) => match[1]!);
