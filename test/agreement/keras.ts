// What Keras 3 and TensorFlow said, kept in fixtures/keras.jsonl by keras_samples.py.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../architecture/sources.js';

/** Lists of numbers, one inside the other. */
export type Lists = number | readonly Lists[];

/** One line: what it tells of, and values by name. */
export type Sample = { readonly kind: string } & Readonly<Record<string, Lists | string>>;

const [first, ...lines] = readFileSync(join(root, 'test/agreement/fixtures/keras.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

/** Versions of what answered. */
export const versions = first as { keras: string; tensorflow: string };

/** The samples of a kind; an error when there are none. */
export function samplesOf(kind: string): Sample[] {
  const samples = (lines as Sample[]).filter((sample) => sample.kind === kind);
  if (samples.length === 0) throw new Error(`keras.jsonl: expected samples of '${kind}', got none`);
  return samples;
}

/** The values of lists, in order. Texts that JSON has no number for, such as "inf", are numbers again. */
export function valuesOf(lists: Lists | string | undefined): Float32Array {
  const flat = ([lists] as unknown[]).flat(Number.POSITIVE_INFINITY);
  return Float32Array.from(flat, (value) => Number(String(value).replace('inf', 'Infinity')));
}

/** The lengths of lists. */
export function shapeOf(lists: Lists | string | undefined): number[] {
  return Array.isArray(lists) ? [lists.length, ...shapeOf(lists[0])] : [];
}
