// What gcov counted: how often each function, and each line, of the kernels' bodies was taken, for each instruction set.

import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { root } from '../architecture/sources.js';
import { run } from './build.js';

interface Document {
  files: {
    file: string;
    functions: { name: string; demangled_name: string; execution_count: number }[];
    /** The functions of lines by the names that the linker knows. */
    lines: { line_number: number; count: number; function_name?: string }[];
  }[];
}

export interface Counts {
  /** By `isa file name`, the name without its isa and arguments: `avx2 native/ops/max_pool2d/max_pool2d_body.h spread_2x2`. */
  functions: Map<string, number>;
  /** By `isa file line`. */
  lines: Map<string, number>;
}

const isaOf = (name: string) => /\b(scalar|avx2|avx512|neon)\b/.exec(name)?.[1];

/** `void samebits::avx2::(anonymous namespace)::gather_input<2, 0>(...)` as `gather_input<2, 0>`; lambdas by where they are. */
export function shortName(demangled: string): string {
  const plain = demangled
    .replaceAll('(anonymous namespace)::', '')
    .replaceAll(/samebits::(scalar|avx2|avx512|neon)::/g, '');
  const lambda = plain.indexOf('::{lambda');
  const head = lambda < 0 ? plain : plain.slice(0, lambda);
  let depth = 0;
  let end = head.length;
  for (let i = 0; i < head.length; ++i) {
    if (head[i] === '<') ++depth;
    if (head[i] === '>') --depth;
    if (head[i] === '(' && depth === 0) {
      end = i;
      break;
    }
  }
  const name = head.slice(0, end).replace(/^(?:static |void |auto |[\w:]+(?:<.*>)?[*&]? )+(?=\w)/, '');
  return lambda < 0 ? name : `${name} lambda`;
}

const counted = (file: string) =>
  /^native\/(ops|simd)\/.*\.h$/.test(file) && !/\/simd\/(scalar|avx2|avx512|neon|fma|common)\.h$/.test(file);

/** Adds up what the objects counted, below the folder that the run was given as GCOV_PREFIX. */
export async function countsOf(gcov: string, objects: readonly string[], prefix: string): Promise<Counts> {
  const counts: Counts = { functions: new Map(), lines: new Map() };
  const add = (map: Map<string, number>, key: string, count: number) => map.set(key, (map.get(key) ?? 0) + count);
  for (const object of objects) {
    const notes = path.join(prefix, `${object}.gcno`);
    if (existsSync(path.dirname(notes)) && !existsSync(notes)) symlinkSync(`${object}.gcno`, notes);
    const file = existsSync(notes) ? notes : `${object}.gcno`;
    const { stdout } = await run(gcov, ['--json-format', '--stdout', file]);
    for (const document of stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Document))
      for (const { file, functions, lines } of document.files.filter((one) => counted(one.file))) {
        const isas = new Map(functions.map(({ name, demangled_name }) => [name, isaOf(demangled_name)]));
        for (const { demangled_name: name, execution_count: count } of functions) {
          const isa = isaOf(name);
          if (isa) add(counts.functions, `${isa} ${file} ${shortName(name)}`, count);
        }
        for (const { line_number: line, count, function_name: name = '' } of lines) {
          const isa = isas.get(name);
          if (isa) add(counts.lines, `${isa} ${file} ${line}`, count);
        }
      }
  }
  return counts;
}

const sources = new Map<string, string[]>();

/** Lines of a source that say a refusal, which cases do not reach (test/binding does), or nothing. */
function says(file: string, line: number): boolean {
  if (!sources.has(file)) sources.set(file, readFileSync(path.join(root, file), 'utf8').split('\n'));
  const text = sources.get(file)!;
  const last = text[line - 1]!;
  if (/^\s*[})\];]*$/.test(last)) return false;
  // A statement begins behind the last line that ended one.
  let first = line - 1;
  while (first > 0 && !/[;{}]\s*(\/\/.*)?$/.test(text[first - 1]!)) --first;
  return !text.slice(first, line).some((part) => part.includes('refuse('));
}

/** The lines that were never taken, `isa file:line: text`, on these instruction sets. */
export function untaken({ lines }: Counts, isas: readonly string[]): string[] {
  return [...lines]
    .filter(([, count]) => count === 0)
    .map(([key]) => key.split(' ') as [string, string, string])
    .filter(([isa, file, line]) => isas.includes(isa) && says(file, Number(line)))
    .map(([isa, file, line]) => `${isa} ${file}:${line}: ${sources.get(file)![Number(line) - 1]!.trim()}`);
}

/** The functions, and instances of templates, that were never called: `isa file name`. */
export const uncalled = ({ functions }: Counts, isas: readonly string[]): string[] =>
  [...functions].flatMap(([key, count]) => (count === 0 && isas.includes(key.split(' ')[0]!) ? [key] : []));
