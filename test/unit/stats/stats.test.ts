import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapMean, bootstrapMedianRatio, quantile, summarize } from '../../../lib/stats/index.js';

/** A small generator for the tests of resampling: xorshift32, high bits first. */
function drawFrom(seed: number) {
  let state = seed | 0;
  return (below: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('quantile', () => {
  it('is one number for one list, and tells values apart that differ by 1e-13', () => {
    const list = Array.from({ length: 100 }, (_, i) => 1 + ((i * 37) % 100) * 1e-13);
    const found = new Set(Array.from({ length: 50 }, () => quantile(list, 0.26)));
    expect(found.size).toBe(1);
    expect(Math.abs([...found][0]! - (1 + 25.74e-13))).toBeLessThan(1e-15);
  });

  it('interpolates, and refuses p outside 0 to 1', () => {
    expect([0, 0.25, 0.5, 1].map((p) => quantile([40, 10, 20, 30], p))).toEqual([10, 17.5, 25, 40]);
    expect(() => quantile([1], 1.5)).toThrow('quantile: expected p to lie between 0 and 1, got 1.5');
  });
});

describe('summarize', () => {
  it('gives both standard deviations, the median and the quartiles of a worked example', () => {
    expect(summarize([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      count: 8,
      mean: 5,
      sd: Math.sqrt(32 / 7),
      sdPopulation: 2,
      min: 2,
      quartile1: 4,
      median: 4.5,
      quartile3: 5.5,
      max: 9,
    });
  });

  it('has no spread for one number', () => {
    expect(summarize([3])).toMatchObject({ mean: 3, sd: 0, sdPopulation: 0, median: 3, quartile1: 3 });
  });

  it('keeps min <= quartiles <= max, and leaves its argument as it was', () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const before = [...list];
        const { min, quartile1, median, quartile3, max } = summarize(list);
        expect(list).toEqual(before);
        const ordered = [min, quartile1, median, quartile3, max];
        for (let i = 1; i < 5; i += 1) expect(ordered[i]! - ordered[i - 1]!).toBeGreaterThanOrEqual(-1e-9);
      }),
      { seed: 11 },
    );
  });

  it('refuses no numbers and values that are not finite', () => {
    expect(() => summarize([])).toThrow('summarize: expected at least one number, got none');
    expect(() => summarize([1, Number.NaN])).toThrow('summarize: expected finite numbers, got NaN at index 1');
    expect(() => quantile([1, Number.POSITIVE_INFINITY], 0.5)).toThrow(
      'quantile: expected finite numbers, got Infinity at index 1',
    );
  });
});

describe('bootstrap', () => {
  it('gives the same interval for the same seed and another for another seed', () => {
    const values = [1, 5, 2, 8, 4, 4, 9];
    const at = (seed: number) => bootstrapMean(values, { draw: drawFrom(seed) });
    expect(at(5)).toEqual(at(5));
    expect(at(5)).not.toEqual(at(6));
  });

  it('holds the estimate inside the range of the data', () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const { low, high } = bootstrapMean(list, { draw: drawFrom(9), resamples: 100 });
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...list) - 1e-6);
        expect(high).toBeLessThanOrEqual(Math.max(...list) + 1e-6);
      }),
      { seed: 12 },
    );
  });

  it('covers the true mean in about 95 of 100 samples', () => {
    const draw = drawFrom(77);
    let covered = 0;
    for (let trial = 0; trial < 200; trial += 1) {
      const sample = Array.from({ length: 40 }, () => draw(1000));
      const { low, high } = bootstrapMean(sample, { draw, resamples: 400 });
      if (low <= 499.5 && 499.5 <= high) covered += 1;
    }
    expect(covered).toBeGreaterThan(178);
    expect(covered).toBeLessThan(200);
  });

  it('estimates a ratio of medians over the pooled groups and brackets it', () => {
    const slow = [
      [2, 2.1, 2.2],
      [2.1, 2.2, 2.3],
    ];
    const fast = [
      [1, 1.1, 1],
      [1.1, 1.05, 1.1],
    ];
    const found = bootstrapMedianRatio(slow, fast, { draw: drawFrom(3) });
    expect(found.estimate).toBeCloseTo(2.15 / 1.075, 12);
    expect(found.low).toBeLessThan(found.estimate);
    expect(found.high).toBeGreaterThan(found.estimate);
  });

  it('gives a point interval when every value is the same', () => {
    const found = bootstrapMedianRatio([[3, 3]], [[2, 2]], { draw: drawFrom(1) });
    expect(found).toEqual({ estimate: 1.5, low: 1.5, high: 1.5, level: 0.95 });
  });

  it('refuses empty groups, a level outside (0, 1) and too few resamples', () => {
    const draw = drawFrom(1);
    expect(() => bootstrapMedianRatio([], [[1]], { draw })).toThrow(
      'bootstrapMedianRatio: expected at least one group, got none',
    );
    expect(() => bootstrapMedianRatio([[]], [[1]], { draw })).toThrow(
      'bootstrapMedianRatio: expected at least one number, got none',
    );
    expect(() => bootstrapMean([1], { draw, level: 1 })).toThrow(
      'bootstrapMean: expected level to lie between 0 and 1, got 1',
    );
    expect(() => bootstrapMean([1], { draw, resamples: 10 })).toThrow(
      'bootstrapMean: expected resamples to be an integer >= 100, got 10',
    );
  });
});
