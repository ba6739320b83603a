/** Names of the classes of a network, out of a file. */
import { readFileSync, statSync } from 'node:fs';
import { DataError, show } from '../errors/index.js';
import { reason } from '../files/index.js';

const who = 'classify labels';

function textOf(path: string): string {
  try {
    if (!statSync(path).isFile()) throw new Error('no regular file');
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    throw new DataError({ who, expected: `a text file ${show(path)}`, got: reason(cause) }, { cause });
  }
}

/** The name in an entry: a text, or the last of a list, as Keras's list of ImageNet's classes has it. */
const nameIn = (entry: unknown): unknown => (Array.isArray(entry) ? entry.at(-1) : entry);

function namesIn(path: string, text: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DataError({ who, expected: `JSON in ${show(path)}`, got: 'other text' }, { cause });
  }
  if (Array.isArray(value)) return value.map(nameIn);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  // Numbers as names come in their order, whatever the file's is.
  const numbered = entries.length > 0 && entries.every(([number], i) => number === String(i));
  if (numbered) return entries.map(([, entry]) => nameIn(entry));
  throw new DataError({
    who,
    expected: `a list of names, or names by numbers from 0, in ${show(path)}`,
    got: show(value),
  });
}

/**
 * The names in a file, by the number of the class: JSON (a list, or an object `{ "0": ["n01440764", "tench"], ... }` as Keras has it
 * for ImageNet), or a name a line in any other file. Throws DataError for a file that cannot be read or holds no such names.
 */
export function readLabels(path: string): string[] {
  const text = textOf(path);
  const names = /\.json$/i.test(path) ? namesIn(path, text) : text.replace(/\r?\n$/, '').split(/\r?\n/);
  return names.map((name, label) => {
    if (typeof name === 'string' && name.trim() !== '') return name.trim();
    throw new DataError({ who, expected: `the name of class ${label} in ${show(path)}`, got: show(name) });
  });
}
