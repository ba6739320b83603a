// Exact sums: the double nearest to the true sum, in whatever order and parts the terms come. Judged by integers.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTo, doubleOf, joinSums, noSum } from '../../../lib/metrics/exact_sum.js';

const kSeed = 18;
const sumOf = (terms: readonly number[]) => doubleOf(terms.reduce(addTo, noSum));
/** Multiples of 2^-60, so that a sum of them is one of integers. */
const term = fc.tuple(fc.integer({ min: -(2 ** 30), max: 2 ** 30 }), fc.integer({ min: 0, max: 60 }));
const scale = 2n ** 60n;
const asInteger = ([n, down]: readonly [number, number]) => BigInt(n) * 2n ** BigInt(60 - down);
const asDouble = ([n, down]: readonly [number, number]) => n / 2 ** down;

/** The double nearest to an integer over 2^60, ties to even: JavaScript rounds an integer so. */
const nearest = (integer: bigint) => Number(integer) / Number(scale);

describe(`exact sums, seed ${kSeed}`, () => {
  it('are the double nearest to the true sum', () => {
    const property = fc.property(fc.array(term, { maxLength: 40 }), (terms) => {
      expect(sumOf(terms.map(asDouble)) + 0).toBe(nearest(terms.map(asInteger).reduce((a, b) => a + b, 0n)) + 0);
    });
    fc.assert(property, { seed: kSeed, numRuns: 400 });
  });

  it('do not depend on order and parts, which plain sums do', () => {
    let plainDiffers = 0;
    const property = fc.property(fc.array(term, { minLength: 3, maxLength: 20 }), fc.nat(), (terms, at) => {
      const values = terms.map(asDouble);
      const cut = at % values.length;
      const [first, second] = [values.slice(0, cut), values.slice(cut)].map((part) => part.reduce(addTo, noSum));
      expect(doubleOf(joinSums(first!, second!))).toBe(sumOf(values));
      expect(sumOf([...values].reverse())).toBe(sumOf(values));
      const plain = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
      if (plain(values) !== plain([...values].reverse())) plainDiffers++;
    });
    fc.assert(property, { seed: kSeed, numRuns: 200 });
    expect(plainDiffers).toBeGreaterThan(0);
  });

  it('round ties to even by what is left below', () => {
    expect(sumOf([1, 2 ** -53, 2 ** -110])).toBe(1 + 2 ** -52);
    expect(sumOf([1, 2 ** -53, -(2 ** -110)])).toBe(1);
    expect(sumOf([1, 2 ** -53])).toBe(1);
  });

  it.each([
    [[1, Number.NaN, 2], Number.NaN],
    [[1, Number.POSITIVE_INFINITY, 2], Number.POSITIVE_INFINITY],
    [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], Number.NaN],
    [[], 0],
  ])('of %j is %d', (terms, sum) => {
    expect(sumOf(terms)).toBe(sum);
    expect(doubleOf(joinSums(noSum, terms.reduce(addTo, noSum)))).toBe(sum);
  });
});
