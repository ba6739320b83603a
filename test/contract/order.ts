// The law of order: the join tree and the four ways docs/contract.md splits a sum, on plain numbers.

import { add, f32 } from './float32.js';

/** Rule 5: left part the largest power of two smaller than n, then left + right. An empty tree is +0. */
export function joinTree(items: readonly number[]): number {
  if (items.length === 0) return 0;
  if (items.length === 1) return items[0]!;
  let left = 1;
  while (left * 2 < items.length) left *= 2;
  return add(joinTree(items.slice(0, left)), joinTree(items.slice(left)));
}

const kPositions = 256;
const kLanes = 16;
const kMemoryChunk = 4096;

/**
 * Rule 2: chunks of 256 consecutive positions, one chain from +0 in each, joined by the tree. `step` carries the
 * chain over one position and returns it unchanged where the tap is outside.
 */
export function sumOverPositions(positions: number, step: (chain: number, position: number) => number): number {
  const chunks: number[] = [];
  for (let start = 0; start < positions; start += kPositions) {
    let chain = 0;
    const end = Math.min(start + kPositions, positions);
    for (let position = start; position < end; ++position) chain = step(chain, position);
    chunks.push(chain);
  }
  return joinTree(chunks);
}

/** Rule 3: every sample by itself, then the tree over the samples. */
export function sumOverBatch(samples: number, sampleSum: (sample: number) => number): number {
  return joinTree(Array.from({ length: samples }, (_, sample) => sampleSum(sample)));
}

/** Rule 4 with a chosen step of the lane's chain. */
export function sumOverMemory(count: number, step: (lane: number, index: number) => number): number {
  const chunks: number[] = [];
  for (let start = 0; start < count; start += kMemoryChunk) {
    const lanes = new Array<number>(kLanes).fill(0);
    const end = Math.min(start + kMemoryChunk, count);
    for (let i = start; i < end; ++i) lanes[(i - start) % kLanes] = step(lanes[(i - start) % kLanes]!, i);
    chunks.push(joinTree(lanes));
  }
  return joinTree(chunks);
}

/** Rule 4 over plain values. */
export function sumOfValues(values: ArrayLike<number>): number {
  return sumOverMemory(values.length, (lane, i) => add(lane, values[i]!));
}

/** A count as the contract uses it: converted to float once. */
export const countAsFloat = (count: number): number => f32(count);
