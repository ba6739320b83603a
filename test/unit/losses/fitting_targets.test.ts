// Targets held against a loss, drawn: the first that does not fit is named with its sample, whatever the shape of a sample.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRows, checkShares } from '../../../lib/losses/targets.js';

const kSeed = 43;
const shapes = fc.constantFrom([1], [3], [2, 3], [2, 1, 4]);
const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** The message of what is thrown, undefined for nothing. */
function refusal(check: () => void): string | undefined {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

describe(`targets, seed ${kSeed}`, () => {
  it('from 0 to 1 are taken, the ends included, and the first other one is named', () => {
    const value = fc.constantFrom(0, 1, 0.5, 0.25, 1, 0, -0.001, 1.001, 2, Number.NaN);
    const drawn = fc.tuple(shapes, fc.integer({ min: 1, max: 4 })).chain(([shape, count]) => {
      const length = sizeOf(shape) * count;
      return fc.tuple(fc.constant(shape), fc.array(value, { minLength: length, maxLength: length }));
    });
    fc.assert(
      fc.property(drawn, ([shape, targets]) => {
        const at = targets.findIndex((target) => !(target >= 0 && target <= 1));
        const got = `${targets[at]} in sample ${Math.floor(at / sizeOf(shape))}`;
        const want = at < 0 ? undefined : `fit: expected targets of it from 0 to 1, got ${got}; a hint`;
        expect(refusal(() => checkShares('fit', 'it', targets, shape, 'a hint'))).toBe(want);
      }),
      { seed: kSeed, numRuns: 300 },
    );
  });

  it('along the last axis sum to 1, and the first row that does not is named with its sample', () => {
    // Quarters are exact, so that sums are those of a judge in any order.
    const row = fc.constantFrom([1, 0, 0], [0, 0.25, 0.75], [0.5, 0.5, 0], [0.5, 0, 0], [1, 1, 0], [0, 0, 0]);
    const drawn = fc
      .tuple(fc.constantFrom([3], [2, 3], [1, 2, 3]), fc.integer({ min: 1, max: 3 }))
      .chain(([shape, count]) => {
        const rows = (sizeOf(shape) * count) / 3;
        return fc.tuple(fc.constant(shape), fc.array(row, { minLength: rows, maxLength: rows }));
      });
    fc.assert(
      fc.property(drawn, ([shape, rows]) => {
        const sums = rows.map((one) => one.reduce<number>((a, b) => a + b, 0));
        const at = sums.findIndex((sum) => sum !== 1);
        const got = `${sums[at]} in sample ${Math.floor((at * 3) / sizeOf(shape))}`;
        const hint = 'give each class its share, for one class a 1 and zeros';
        const want =
          at < 0 ? undefined : `fit: expected targets of it that sum to 1 over the 3 classes, got ${got}; ${hint}`;
        expect(refusal(() => checkRows('fit', 'it', rows.flat(), shape))).toBe(want);
      }),
      { seed: kSeed, numRuns: 300 },
    );
  });

  it('may miss 1 by what rounding leaves, on either side', () => {
    for (const [last, fits] of [
      [0.5009, true],
      [0.4991, true],
      [0.502, false],
      [0.498, false],
    ] as const) {
      expect(refusal(() => checkRows('fit', 'it', [0.5, last], [2])) === undefined).toBe(fits);
    }
    expect(refusal(() => checkRows('fit', 'it', [2, -1], [2]))).toContain('from 0 to 1, got 2 in sample 0');
  });
});
