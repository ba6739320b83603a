// The list of native mutants: the tables of scripts/mutate/native, one file a room. A mutant is a text that occurs once in a
// source file, and what it is replaced by; `wide` says that only the widest instruction set has the code, `equivalent` why no
// result can show it, so that it is not counted.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const tables = path.join(root, 'scripts/mutate/native');

/** Every mutant, in the order of rooms and files: { room, file, from, to, why, wide, equivalent }. */
export async function readList() {
  const mutants = [];
  for (const name of readdirSync(tables).sort()) {
    const { default: files } = await import(pathToFileURL(path.join(tables, name)).href);
    const room = path.basename(name, '.mjs');
    for (const [file, entries] of Object.entries(files))
      for (const [from, to, why, { wide = false, equivalent } = {}] of entries)
        mutants.push({ room, file, from, to, why, wide, equivalent });
  }
  return mutants;
}

/** The source with the mutant in it. Throws where the text is not there once: the list is stale then. */
export function apply(source, { file, from, to }) {
  const count = source.split(from).length - 1;
  if (count !== 1)
    throw new Error(`mutate native: expected '${from}' once in ${file}, got it ${count} times; the list is stale`);
  return source.replace(from, () => to);
}

/** Names a mutant in a file of this content: another content is another mutant. */
export const idOf = (mutant, source) =>
  createHash('sha256').update([source, mutant.file, mutant.from, mutant.to].join('\0')).digest('hex').slice(0, 16);

export const readSource = (file) => readFileSync(path.join(root, file), 'utf8');
