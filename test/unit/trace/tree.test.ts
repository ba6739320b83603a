// Trees over named tensors: against RFC 6962's definition written out a second time, and what must change the root.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockBytes, rootOf, type StoredTensor, tensorHash, treeOf } from '../../../lib/trace/index.js';

const sha = (...parts: (Buffer | string)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();

/** RFC 6962, section 2.1, over hashes of leaves: k is the largest power of two smaller than n. */
function merkle(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  return sha(Buffer.of(1), merkle(leaves.slice(0, k)), merkle(leaves.slice(k)));
}

function judge({ name, dtype, shape, data }: StoredTensor): Buffer {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const blocks: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += 65536) {
    blocks.push(sha(Buffer.of(0), bytes.subarray(at, at + 65536)));
  }
  return sha(Buffer.of(2), `${JSON.stringify([name, dtype, shape])}\n`, merkle(blocks));
}

const floats = (name: string, length: number): StoredTensor => ({
  name,
  dtype: 'float32',
  shape: [length],
  data: Float32Array.from({ length }, (_, i) => i / 3 - 7),
});
const perBlock = blockBytes / 4;
const hex = (hash: Buffer) => hash.toString('hex');

describe('the hash of a tensor', () => {
  it.each([0, 1, perBlock - 1, perBlock, perBlock + 1, 5 * perBlock + 3])('of %d values is as defined', (length) => {
    const tensor = floats('dense/kernel', length);
    expect(tensorHash(tensor)).toBe(hex(judge(tensor)));
  });

  it('takes every NaN as one, and tells +0 from -0', () => {
    const of = (...words: number[]) =>
      tensorHash({
        name: 'x',
        dtype: 'float32',
        shape: [words.length],
        data: new Float32Array(Uint32Array.from(words).buffer),
      });
    expect(of(0xffc00001, 1)).toBe(of(0x7fc00000, 1));
    expect(of(0, 1)).not.toBe(of(0x80000000, 1));
  });

  it('leaves the values as they are', () => {
    const words = Uint32Array.of(0xffc00001, 1);
    tensorHash({ name: 'x', dtype: 'float32', shape: [2], data: new Float32Array(words.buffer) });
    expect([...words]).toEqual([0xffc00001, 1]);
  });
});

describe('the root of a tree', () => {
  const list = (count: number) => Array.from({ length: count }, (_, i) => floats(`layer_${i}/kernel`, 3 + i));

  it.each([1, 2, 3, 4, 5, 8, 13])('over %d tensors is as defined', (count) => {
    const { root, leaves } = treeOf(list(count));
    expect(leaves).toEqual(list(count).map((tensor) => hex(judge(tensor))));
    expect(root).toBe(hex(merkle(list(count).map(judge))));
    expect(rootOf(leaves)).toBe(root);
  });

  it('over nothing is the hash of nothing', () => {
    expect(treeOf([]).root).toBe(hex(sha('')));
  });

  it('changes with every bit, name, shape, dtype and place', () => {
    const tensors = list(5);
    const { root } = treeOf(tensors);
    const other = (change: (copy: StoredTensor[]) => void) => {
      const copy = tensors.map((tensor) => ({ ...tensor, data: tensor.data.slice() }));
      change(copy);
      return treeOf(copy).root;
    };
    expect(other(() => {})).toBe(root);
    fc.assert(
      fc.property(fc.nat(4), fc.nat(2), fc.nat(31), (tensor, element, bit) => {
        const flip = (copy: StoredTensor[]) => {
          new Int32Array(copy[tensor]!.data.buffer)[element]! ^= 1 << bit;
        };
        expect(other(flip)).not.toBe(root);
      }),
      { seed: 1, numRuns: 200 },
    );
    const changes: ((copy: StoredTensor[]) => unknown)[] = [
      (copy) => (copy[3]!.name = 'dense/kernel'),
      (copy) => (copy[3]!.shape = [2, 3]),
      (copy) => (copy[3]!.dtype = 'int32'),
      (copy) => copy.reverse(),
      (copy) => copy.pop(),
    ];
    expect(new Set([root, ...changes.map(other)]).size).toBe(changes.length + 1);
  });
});
