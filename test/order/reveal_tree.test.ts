// The revealer itself, on sums in plain float32 whose trees are known; and what has no tree of additions is refused.

import { describe, expect, it } from 'vitest';
import { Words } from '../../lib/random/index.js';
import { add, f32 } from '../contract/float32.js';
import { chain, joinTree, overMemory, overPositions, summands } from './expected_tree.js';
import { kMask } from './probe.js';
import { NoTree, type Outside, revealTree } from './reveal_tree.js';
import { joined, sizeOf, type Tree, treeDifference } from './tree.js';

const kSeed = 77;

/** The sum of values by a tree, in float32. */
const evaluate = (tree: Tree, values: Float32Array): number =>
  typeof tree === 'number' ? values[tree]! : add(evaluate(tree.left, values), evaluate(tree.right, values));

/** The questions of the revealer, put to any sum. */
const masked =
  (count: number, sum: (values: Float32Array) => number): Outside =>
  (pairs) =>
    pairs.map(([i, j]) => {
      const values = new Float32Array(count).fill(1);
      values[i] = kMask;
      values[j] = -kMask;
      return sum(values);
    });

const found = (tree: Tree): Tree =>
  revealTree(
    sizeOf(tree),
    masked(sizeOf(tree), (values) => evaluate(tree, values)),
  );

/** A tree made by joining two parts at random until one is left. */
function randomTree(words: Words, count: number): Tree {
  const parts: Tree[] = summands(count);
  const take = (): Tree => parts.splice(Math.floor(words.uniform() * parts.length), 1)[0]!;
  while (parts.length > 1) parts.push(joined(take(), take()));
  return parts[0]!;
}

const known: Record<string, Tree> = {
  'one summand': 0,
  'two summands': chain(summands(2))!,
  'a chain': chain(summands(300))!,
  'a chain from the end': chain(summands(60).reverse())!,
  'the join tree of 7': joinTree(summands(7))!,
  'the join tree of 64': joinTree(summands(64))!,
  'the join tree of 37': joinTree(summands(37))!,
  'three chunks of positions': overPositions(summands(2 * 256 + 37))!,
  '16 lanes': overMemory(summands(133))!,
  '8 lanes': joinTree(summands(8).map((lane) => chain(summands(12).map((i) => i * 8 + lane))))!,
};

describe('revealTree', () => {
  it.each(Object.entries(known))('finds %s', (_name, tree) => {
    expect(treeDifference(found(tree), tree)).toBeUndefined();
  });

  it(`finds 200 random trees, seed ${kSeed}`, () => {
    const words = new Words({ seed: kSeed, stream: 0, step: 0 });
    for (let i = 0; i < 200; ++i) {
      const tree = randomTree(words, 3 + Math.floor(words.uniform() * 40));
      expect(treeDifference(found(tree), tree)).toBeUndefined();
    }
  });

  it('tells a tree from every other tree of the same summands', () => {
    const trees = Object.entries({
      chain: chain(summands(48))!,
      backwards: chain(summands(48).reverse())!,
      pairs: joinTree(summands(48))!,
      lanes: overMemory(summands(48))!,
    });
    for (const [name, tree] of trees) {
      const same = trees.filter(([, other]) => treeDifference(found(tree), other) === undefined);
      expect(same.map(([other]) => other)).toEqual([name]);
    }
  });

  it('asks n - 1 questions of a chain and about n log2 n of a join tree', () => {
    const questions = (tree: Tree) => {
      let asked = 0;
      revealTree(sizeOf(tree), (pairs) => {
        asked += pairs.length;
        return masked(sizeOf(tree), (values) => evaluate(tree, values))(pairs);
      });
      return asked;
    };
    expect(questions(chain(summands(100))!)).toBe(99);
    expect(questions(joinTree(summands(64))!)).toBe(32 * 6);
  });

  /** Sums that round less often than once an addition. */
  const exact = (values: Iterable<number>) => Number([...values].reduce((sum, value) => sum + BigInt(value), 0n));
  const sums: Record<string, (values: Float32Array) => number> = {
    'rounded once at its end': exact,
    'rounded after every two summands': (values) =>
      summands(10).reduce((sum, i) => f32(exact([sum, ...values.subarray(2 * i, 2 * i + 2)])), 0),
  };
  it.each(Object.entries(sums))('finds no tree in a sum %s', (_name, sum) => {
    expect(() => revealTree(20, masked(20, sum))).toThrow(NoTree);
  });

  it('finds no tree, or another one, where the order changes from call to call', () => {
    const words = new Words({ seed: kSeed, stream: 1, step: 0 });
    const arriving = (values: Float32Array) => evaluate(randomTree(words, values.length), values);
    const want = chain(summands(20))!;
    const faults = summands(20).map(() => {
      try {
        return treeDifference(revealTree(20, masked(20, arriving)), want);
      } catch (error) {
        return error instanceof NoTree ? error.message : undefined;
      }
    });
    expect(faults).not.toContain(undefined);
  });
});

describe('treeDifference', () => {
  it('says where two trees part', () => {
    const chunk = (first: number) => chain(summands(4, first))!;
    expect(treeDifference(chain(summands(8))!, joined(chunk(0), chunk(4)))).toBe(
      'a sum of 8 summands: expected (4 from 0) + (4 from 4), got (7 from 0) + (summand 7)',
    );
    expect(treeDifference(joined(joined(0, 2), 1), joined(joined(0, 1), 2))).toBe(
      'a sum of 3 summands: expected (2 from 0) + (summand 2), got (2 from 0) + (summand 1)',
    );
  });
});
