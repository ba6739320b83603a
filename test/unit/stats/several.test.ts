// Several tests at once (Holm) against the definition of the procedure, and intervals from a standard error.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm, studentInterval } from '../../../lib/stats/index.js';

/** Holm's procedure as he gives it: the smallest p is compared with alpha / m, the next with alpha / (m - 1), ... until one fails. */
function rejected(values: readonly number[], alpha: number): boolean[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const found = values.map(() => false);
  for (const [i, index] of order.entries()) {
    if (values[index]! * (values.length - i) > alpha) break;
    found[index] = true;
  }
  return found;
}

describe('holm', () => {
  it('gives the example of R (p.adjust)', () => {
    expect(holm([0.01, 0.02, 0.03, 0.04])).toEqual([0.04, 0.06, 0.06, 0.06]);
    expect(holm([0.5, 0.001, 0.9])).toEqual([1, 0.003, 1]);
    expect(holm([])).toEqual([]);
  });

  it('is the least level at which the procedure rejects, in any order: drawn p, seed 15', () => {
    const p = fc.integer({ min: 0, max: 1024 }).map((step) => step / 1024);
    fc.assert(
      fc.property(fc.array(p, { maxLength: 20 }), p, (values, alpha) => {
        expect(holm(values).map((adjusted) => adjusted <= alpha)).toEqual(
          alpha >= 1 ? values.map(() => true) : rejected(values, alpha),
        );
      }),
      { seed: 15, numRuns: 1000 },
    );
  });

  it('refuses what is no probability', () => {
    expect(() => holm([0.5, 1.5])).toThrow('holm: expected p-values from 0 to 1, got 1.5 at index 1');
    expect(() => holm([Number.NaN])).toThrow('holm: expected p-values from 0 to 1, got NaN at index 0');
  });
});

describe('studentInterval', () => {
  it.each([
    [1, 12.706204736174696],
    [2, 4.302652729749462],
    [5, 2.570581835636314],
    [30, 2.042272456301238],
  ])('reaches as far as the t of %i degrees of freedom', (degreesOfFreedom, t) => {
    const [low, high] = studentInterval({ estimate: 3, standardError: 0.5, degreesOfFreedom });
    expect([low, high][0]).toBeCloseTo(3 - t / 2, 9);
    expect(high).toBeCloseTo(3 + t / 2, 9);
  });

  it('refuses what has no interval', () => {
    const given = { estimate: 1, standardError: 1, degreesOfFreedom: 1 };
    expect(() => studentInterval({ ...given, degreesOfFreedom: 0 })).toThrow(
      'studentInterval: expected degreesOfFreedom to be an integer >= 1, got 0',
    );
    expect(() => studentInterval({ ...given, estimate: Number.NaN })).toThrow(
      'studentInterval: expected estimate to be a finite number, got NaN',
    );
    expect(() => studentInterval(given, 1)).toThrow('studentInterval: expected level to lie between 0 and 1, got 1');
  });
});
