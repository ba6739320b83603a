// The list of native mutants: the tables of scripts/mutate/native, one file a room. A mutant is a text that occurs once in a
// source file, and what it is replaced by; `wide` says that only the widest instruction set has the code, `equivalent` why no
// result can show it, so that it is not counted.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const tables = path.join(root, 'scripts/mutate/native');

const swaps = [
  ['mul(', 'add('],
  ['add(', 'sub('],
  ['sub(', 'add('],
  [' * ', ' + '],
  [' + ', ' - '],
  [' - ', ' + '],
];

/**
 * The mutants of a source that no table names: in each line with arithmetic that is there once, the first operation is
 * another one. So a new operation has mutants before anybody thought of better ones.
 */
export function derivedMutants(file, source) {
  const lines = source.split('\n').filter((line) => !line.trimStart().startsWith('//'));
  return lines.flatMap((line) => {
    const swap = swaps.find(([operation]) => line.includes(operation));
    if (swap === undefined || source.split(line).length !== 2) return [];
    const why = `${swap[0].trim()} is ${swap[1].trim()} in: ${line.trim()}`;
    return [
      {
        room: file.endsWith('.cu') ? 'cuda' : 'derived',
        file,
        from: line,
        to: line.replace(...swap),
        why,
        wide: false,
      },
    ];
  });
}

const sources = () =>
  readdirSync(path.join(root, 'native/ops'), { recursive: true })
    .filter((name) => /_body\.h$|\.cu$/.test(name))
    .map((name) => `native/ops/${name.split(path.sep).join('/')}`)
    .sort();

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
  const named = new Set(mutants.map(({ file }) => file));
  const others = sources().filter((file) => !named.has(file));
  return [...mutants, ...others.flatMap((file) => derivedMutants(file, readSource(file)))];
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
