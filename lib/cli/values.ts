/** Values of options, checked as they are read and refused in the option's own name. */
import { existsSync, statSync } from 'node:fs';
import { ArgumentError, show } from '../errors/index.js';
import { capabilities } from '../runtime/index.js';

/** Reads an integer from `least` to `most`. */
export function integerOption(option: string, least: number, most = Number.MAX_SAFE_INTEGER) {
  const bounds = most === Number.MAX_SAFE_INTEGER ? `>= ${least}` : `from ${least} to ${most}`;
  return (text: string): number => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new ArgumentError({ who: option, expected: `an integer ${bounds}`, got: show(text) });
    }
    return value;
  };
}

/** Reads one of a few words. */
export function wordOption<T extends string>(option: string, words: readonly T[]) {
  return (text: string): T => {
    if ((words as readonly string[]).includes(text)) return text as T;
    throw new ArgumentError({ who: option, expected: `one of ${words.join(', ')}`, got: show(text) });
  };
}

/** Reads one or more different words with commas between them. */
export function wordsOption<T extends string>(option: string, words: readonly T[]) {
  const one = wordOption(option, words);
  return (text: string): T[] => {
    const list = text.split(',').map(one);
    if (new Set(list).size === list.length) return list;
    throw new ArgumentError({ who: option, expected: 'every word once', got: show(text) });
  };
}

/** Reads kernels whose partial sums are joined, each once, with commas between them. */
export function atomicOption(option: string) {
  return (text: string): string[] => {
    const { kernels, joins } = capabilities();
    const list = text.split(',');
    const without = list.find((name) => kernels.includes(name) && !joins.includes(name));
    if (without === undefined) return wordsOption(option, joins)(text);
    const expected = `one of ${joins.join(', ')}`;
    throw new ArgumentError({ who: option, expected, got: show(without), hint: 'it has no sums to join' });
  };
}

/** Reads the path of a folder that exists. */
export function folderOption(option: string, expected = 'a folder') {
  return (text: string): string => {
    const hint = existsSync(text) ? 'that is not a folder' : 'there is no such folder';
    if (text === '' || !existsSync(text) || !statSync(text).isDirectory()) {
      throw new ArgumentError({ who: option, expected, got: show(text), hint });
    }
    return text;
  };
}

/** Reads the path of the data: a folder that exists, or `synthetic`. */
export function dataOption(option: string) {
  const folder = folderOption(option, "a folder or 'synthetic'");
  return (text: string): string => (text === 'synthetic' ? text : folder(text));
}

/** Refuses options that only a run folder gives a meaning to when there is none. */
export function checkFolder(needing: Record<string, string | number | undefined>, folder: string | undefined): void {
  const [option] = Object.entries(needing).find(([, value]) => value !== undefined) ?? [];
  if (option === undefined || folder !== undefined) return;
  throw new ArgumentError({ who: `--${option}`, expected: 'a run folder to keep it in, given by --out', got: 'none' });
}

/** Reads one or more different integers of at least 1 with commas between them. */
export function integersOption(option: string) {
  return (text: string): number[] => {
    const list = text.split(',').map(integerOption(option, 1));
    if (new Set(list).size === list.length) return list;
    throw new ArgumentError({ who: option, expected: 'every number once', got: show(text) });
  };
}
