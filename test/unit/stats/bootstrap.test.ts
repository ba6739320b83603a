// The bootstrap counted a second time: which draws are asked for, in which order, and which of the sorted resamples bound
// the interval. Lists, levels and numbers of resamples are drawn.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapMean, bootstrapMedianRatio } from '../../../lib/stats/index.js';
import { drawFrom } from '../../support/fixtures.js';

const kSeed = 51;
const values = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 5, maxLength: 9 });
const level = fc.constantFrom(0.5, 0.8, 0.9, 0.95, 0.99);
const resamples = fc.integer({ min: 100, max: 140 });

const mean = (list: readonly number[]) => list.reduce((a, b) => a + b) / list.length;
function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The bounds of a list of resampled statistics: the order statistics nearest to both ends of the level. */
function bounds(found: readonly number[], share: number) {
  const sorted = [...found].sort((a, b) => a - b);
  const at = (p: number) => sorted[Math.round(p * (sorted.length - 1))];
  return { low: at((1 - share) / 2), high: at((1 + share) / 2), level: share };
}

describe(`bootstrap intervals, seed ${kSeed}`, () => {
  it('of a mean: one draw a value, in order', () => {
    fc.assert(
      fc.property(values, level, resamples, fc.integer(), (list, share, count, seed) => {
        const draw = drawFrom(seed | 1);
        const found = Array.from({ length: count }, () => mean(list.map(() => list[draw(list.length)]!)));
        const got = bootstrapMean(list, { draw: drawFrom(seed | 1), level: share, resamples: count });
        expect(got).toEqual({ estimate: mean(list), ...bounds(found, share) });
      }),
      { seed: kSeed, numRuns: 40 },
    );
  });

  it('of a ratio of medians: groups first, values inside the drawn groups second, above and then below', () => {
    const groups = fc.array(values, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(groups, groups, level, resamples, fc.integer(), (over, under, share, count, seed) => {
        const draw = drawFrom(seed | 1);
        const once = (side: number[][]) => {
          const picked = side.map(() => side[draw(side.length)]!);
          return median(picked.flatMap((group) => group.map(() => group[draw(group.length)]!)));
        };
        const found = Array.from({ length: count }, () => {
          const above = once(over);
          return above / once(under);
        });
        const got = bootstrapMedianRatio(over, under, { draw: drawFrom(seed | 1), level: share, resamples: count });
        expect(got).toEqual({ estimate: median(over.flat()) / median(under.flat()), ...bounds(found, share) });
      }),
      { seed: kSeed, numRuns: 40 },
    );
  });

  it('take a level of 95 % and 2000 resamples when nothing is said', () => {
    const list = Array.from({ length: 12 }, (_, i) => i * i);
    const said = bootstrapMean(list, { draw: drawFrom(7), level: 0.95, resamples: 2000 });
    expect(bootstrapMean(list, { draw: drawFrom(7) })).toEqual(said);
    expect(bootstrapMean(list, { draw: drawFrom(7), resamples: 100 })).not.toEqual(said);
  });

  it.each([0, 1, -0.1, 1.1, Number.NaN])('refuse a level of %d', (share) => {
    const message = `bootstrapMean: expected level to lie between 0 and 1, got ${share}`;
    expect(() => bootstrapMean([1, 2], { draw: drawFrom(1), level: share })).toThrow(
      expect.objectContaining({ message }),
    );
  });

  it.each([99, 100.5, Number.NaN])('refuse %d resamples', (count) => {
    const message = `bootstrapMean: expected resamples to be an integer >= 100, got ${count}`;
    expect(() => bootstrapMean([1, 2], { draw: drawFrom(1), resamples: count })).toThrow(
      expect.objectContaining({ message }),
    );
  });

  it('refuse a side without groups, and a group without numbers, on either side', () => {
    const draw = drawFrom(1);
    for (const [over, under] of [
      [[], [[1]]],
      [[[1]], []],
    ] as number[][][][]) {
      expect(() => bootstrapMedianRatio(over!, under!, { draw })).toThrow('expected at least one group, got none');
    }
    expect(() => bootstrapMedianRatio([[1]], [[1], []], { draw })).toThrow('expected at least one number, got none');
  });
});
