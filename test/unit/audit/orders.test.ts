// Orders of additions: running sums rounded once each, the search for an order that gives stated bits, single bits.

import { describe, expect, it } from 'vitest';
import {
  bitsOf,
  exhaustiveUpTo,
  findOrder,
  firstParting,
  randomTries,
  runningSums,
  singleBit,
} from '../../../lib/audit/replay/orders.js';

const big = 2 ** 24;
/** 2^24 + 1 + 1 is 2^24 from the left and 2^24 + 2 where the ones meet first. */
const partials = [big, 1, 1];

describe('runningSums', () => {
  it('rounds each addition to float32', () => {
    expect(runningSums(partials, [0, 1, 2])).toEqual([big, big, big]);
    expect(runningSums(partials, [1, 2, 0])).toEqual([1, 2, big + 2]);
  });
});

describe('findOrder', () => {
  const adds = (sum: number) => (found: number) => bitsOf(found) === bitsOf(sum);

  it('tries all orders of few partial sums, the ascending one first', () => {
    expect(findOrder(partials, adds(big))).toEqual({ order: [0, 1, 2], tried: 1, all: true });
    const { order, all } = findOrder(partials, adds(big + 2));
    expect(all).toBe(true);
    expect(runningSums(partials, order!).at(-1)).toBe(big + 2);
  });

  it('finds none where there is none, and says how many it tried', () => {
    expect(findOrder(partials, adds(big + 4))).toEqual({ order: undefined, tried: 6, all: true });
    expect(findOrder([], adds(0))).toEqual({ order: undefined, tried: 0, all: true });
  });

  it('draws orders of many, the same for the same seed', () => {
    const many = [big, ...Array.from({ length: exhaustiveUpTo }, () => 1)];
    const found = findOrder(many, adds(big + exhaustiveUpTo), 3);
    expect(found.all).toBe(false);
    expect(runningSums(many, found.order!).at(-1)).toBe(big + exhaustiveUpTo);
    expect(findOrder(many, adds(big + exhaustiveUpTo), 3)).toEqual(found);
    const none = findOrder(many, adds(big - 1), 3);
    expect(none).toEqual({ order: undefined, tried: randomTries, all: false });
  });
});

describe('firstParting', () => {
  it('is the first place with other bits, of the common part', () => {
    expect(firstParting([1, 2, 3], [1, 2, 4])).toBe(2);
    expect(firstParting([0], [-0])).toBe(0);
    expect(firstParting([1, 2], [1, 2, 3])).toBeUndefined();
  });
});

describe('singleBit', () => {
  it('names the bit where one differs', () => {
    expect(singleBit(1, -1)).toBe(31);
    expect(singleBit(1, 1 + 2 ** -23)).toBe(0);
    expect(singleBit(1, 1)).toBeUndefined();
    expect(singleBit(1, 1 + 3 * 2 ** -23)).toBeUndefined();
  });
});
