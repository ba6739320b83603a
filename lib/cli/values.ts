/** Values of options, checked as they are read and refused in the option's own name. */
import { ArgumentError, show } from '../errors/index.js';
import type { Region } from '../explain/index.js';
import { integer, kernels, readFolder, word } from '../settings/index.js';

/** Reads an integer from `least` to `most`. */
export const integerOption = (option: string, least: number, most?: number) => (text: string) =>
  integer(least, most).read(option, text);

/** Reads one of a few words. */
export const wordOption =
  <const T extends string>(option: string, words: readonly T[]) =>
  (text: string): T =>
    word(words).read(option, text);

/** Reads kernels whose partial sums are joined, each once, with commas between them. */
export const kernelsOption = (option: string) => (text: string) => kernels('').read(option, text);

/** Reads the path of a folder that exists. */
export const folderOption = (option: string) => (text: string) => readFolder(option, text);

/** Reads one or more different words with commas between them. */
export function wordsOption<T extends string>(option: string, words: readonly T[]) {
  const one = wordOption(option, words);
  return (text: string): T[] => {
    const list = text.split(',').map(one);
    if (new Set(list).size === list.length) return list;
    throw new ArgumentError({ who: option, expected: 'every word once', got: show(text) });
  };
}

/** Reads one or more different integers of at least 1 with commas between them. */
export function integersOption(option: string) {
  return (text: string): number[] => {
    const list = text.split(',').map(integerOption(option, 1));
    if (new Set(list).size === list.length) return list;
    throw new ArgumentError({ who: option, expected: 'every number once', got: show(text) });
  };
}

/** Reads `top,left,height,width` in pixels. */
export function regionOption(text: string): Region {
  const numbers = text.split(',').map((part) => (/^\d{1,6}$/.test(part) ? Number(part) : Number.NaN));
  if (numbers.length !== 4 || numbers.some(Number.isNaN)) {
    const expected = 'four integers top,left,height,width in pixels';
    throw new ArgumentError({ who: '--occlude', expected, got: show(text) });
  }
  const [top, left, height, width] = numbers as [number, number, number, number];
  return { top, left, height, width };
}

/** Reads a number of at least `least`. */
export const numberValue =
  (option: string, least: number) =>
  (text: string): number => {
    const value = /^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (value >= least && Number.isFinite(value)) return value;
    throw new ArgumentError({ who: option, expected: `a number >= ${least}`, got: show(text) });
  };

/** Reads one number of watts, or a low and a high one: `12` or `10:20`. */
export const wattsOption =
  (option: string) =>
  (text: string): [low: number, high: number] => {
    const [low, high = low, ...more] = text.split(':').map(numberValue(option, 0));
    if (low !== undefined && high !== undefined && low <= high && more.length === 0) return [low, high];
    throw new ArgumentError({ who: option, expected: 'one number of watts, or low:high', got: show(text) });
  };
