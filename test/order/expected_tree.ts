// The trees of docs/contract.md, section "Splitting and joining sums", over summands by number. A null stands for a summand
// that does not exist (a tap outside the input); it is passed over but keeps its place, and an empty part is +0. Every chain
// starts from +0, which adding it to the first summand cannot show.

import { join, type Tree } from './tree.js';

type Part = Tree | null;

/** The numbers of `count` summands, from `first` on. */
export const summands = (count: number, first = 0): number[] => Array.from({ length: count }, (_, i) => first + i);

/** Rule 1: one chain, in the order given. */
export const chain = (items: readonly Part[]): Part => items.reduce((sum: Part, item) => join(sum, item), null);

/** Rule 5: left is the largest power of two smaller than the number of items. */
export function joinTree(items: readonly Part[]): Part {
  if (items.length < 2) return items[0] ?? null;
  let left = 1;
  while (left * 2 < items.length) left *= 2;
  return join(joinTree(items.slice(0, left)), joinTree(items.slice(left)));
}

function chunks(items: readonly Part[], size: number): Part[][] {
  const parts: Part[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}

/** Rule 2: the positions of one sample in chunks of 256, a chain in each, joined by the tree. */
export const overPositions = (items: readonly Part[]): Part => joinTree(chunks(items, 256).map(chain));

/** Rule 3: the sums of the samples, joined by the tree. */
export const overBatch = joinTree;

/** Rule 4: chunks of 4096, element i of a chunk in lane i mod 16, lanes then chunks joined by the tree. */
export function overMemory(items: readonly Part[]): Part {
  const lanes = (chunk: readonly Part[]) => summands(16).map((lane) => chain(chunk.filter((_, i) => i % 16 === lane)));
  return joinTree(chunks(items, 4096).map((chunk) => joinTree(lanes(chunk))));
}
