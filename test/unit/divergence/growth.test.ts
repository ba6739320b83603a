import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthRate, leastPoints, leastRSquared, rateBetween } from '../../../lib/divergence/index.js';

describe('growthRate', () => {
  it('finds the rate of an exponential, whatever its size and the places of its points', () => {
    const rate = fc.double({ min: -2, max: 2, noNaN: true });
    const places = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(rate, places, fc.constantFrom(1e-30, 1e-6, 40), (slope, drawn, start) => {
        const at = drawn.sort((a, b) => a - b);
        const found = growthRate(
          at.map((place) => start * Math.exp(slope * place)),
          at,
        );
        fc.pre(Math.abs(slope) > 1e-6);
        expect(found.rate).toBeCloseTo(slope, 9);
        expect(found.standardError).toBeCloseTo(0, 6);
        expect([found.from, found.to, found.without]).toEqual([at[0], at.at(-1), null]);
        expect(found.factor).toBeCloseTo(Math.exp(slope), 8);
        expect(found.used).toBe(at.length);
      }),
      { seed: 61 },
    );
  });

  it('is the least-squares slope of a worked example', () => {
    // The logarithms to base 2 are 0, 1, 2, 4; the sums of products around the means are 6.5 and, of places alone, 5; of
    // logarithms alone 8.75. What is left of these is 0.3, over 2 degrees of freedom.
    const { rate, rSquared, standardError } = growthRate([1, 2, 4, 16]);
    expect(rate).toBeCloseTo(1.3 * Math.LN2, 14);
    expect(rSquared).toBeCloseTo(8.45 / 8.75, 14);
    expect(standardError).toBeCloseTo(Math.sqrt(0.15 / 5) * Math.LN2, 14);
  });

  it('is none through two distances, nor where the line explains less than nine tenths', () => {
    expect([leastPoints, leastRSquared]).toEqual([3, 0.9]);
    const none = { rate: null, factor: null, standardError: null };
    expect(growthRate([0, 1, 2])).toMatchObject({
      ...none,
      rSquared: null,
      without: 'too few',
      from: 1,
      to: 2,
      used: 2,
    });
    // The logarithms to base 2 are 0, 1, 1, 3: the line explains 4.05 of 4.75.
    const missed = growthRate([1, 2, 2, 8]);
    expect(missed).toMatchObject({ ...none, without: 'no line', from: 0, to: 3, used: 4 });
    expect(missed.rSquared).toBeCloseTo(4.05 / 4.75, 14);
    // Parting by orders of magnitude in one step, then drifting: what a line visibly misses.
    expect(growthRate([1e-9, 1e-3, 1.1e-3, 1.2e-3, 1.3e-3, 1.4e-3]).without).toBe('no line');
  });

  it('between two distances is the logarithm of their ratio a place', () => {
    expect(rateBetween(2, 16, 3)).toBeCloseTo(Math.LN2, 14);
  });

  it('leaves zeros out: before the runs part, and where they meet again', () => {
    expect(growthRate([0, 0, 1, 2, 4])).toMatchObject({ firstApart: 2, used: 3, zeros: 2, nonFinite: 0 });
    expect(growthRate([0, 0, 1, 2, 4]).rate).toBeCloseTo(Math.LN2, 14);
    expect(growthRate([1, 0, 4, 8]).rate).toBeCloseTo(Math.LN2, 14);
  });

  it('has no rate, rather than 0, for runs that never part, and for a single distance', () => {
    const none = {
      rate: null,
      standardError: null,
      factor: null,
      rSquared: null,
      without: 'too few',
      from: null,
      to: null,
    };
    expect(growthRate([0, 0, -0])).toEqual({ ...none, firstApart: null, used: 0, zeros: 3, nonFinite: 0 });
    expect(growthRate([0, 5], [10, 20])).toEqual({
      ...none,
      from: 20,
      to: 20,
      firstApart: 20,
      used: 1,
      zeros: 1,
      nonFinite: 0,
    });
    expect(growthRate([])).toEqual({ ...none, firstApart: null, used: 0, zeros: 0, nonFinite: 0 });
  });

  it('is 0, explained in full, for a distance that stays', () => {
    expect(growthRate([3, 3, 3])).toMatchObject({ rate: 0, factor: 1, rSquared: 1 });
  });

  it('leaves out infinite and NaN distances, and counts them', () => {
    const found = growthRate([1, 2, Number.NaN, 8, Number.POSITIVE_INFINITY]);
    expect(found).toMatchObject({ used: 3, nonFinite: 2, firstApart: 0 });
    expect(found.rate).toBeCloseTo(Math.LN2, 14);
  });

  it('refuses distances below 0 and places that do not ascend or are too few', () => {
    expect(() => growthRate([1, -1])).toThrow('growthRate: expected distances >= 0, got -1 at index 1');
    expect(() => growthRate([1, 2], [1])).toThrow('growthRate: expected a place for each of 2 distances, got 1');
    expect(() => growthRate([1, 2], [2, 2])).toThrow('growthRate: expected ascending finite places, got 2 at index 1');
    expect(() => growthRate([1], [Number.NaN])).toThrow(
      'growthRate: expected ascending finite places, got NaN at index 0',
    );
  });
});
