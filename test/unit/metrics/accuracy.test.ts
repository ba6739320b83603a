// Accuracy counted a second time, on drawn predictions of one value and of several.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metrics } from '../../../lib/index.js';

const kSeed = 41;
// Few distinct values, so that many are equal and some lie on 1/2.
const value = fc.constantFrom(0, 0.25, 0.5, 0.75, 1);
const rows = (width: number) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { maxLength: 20 });

describe(`categorical accuracy, seed ${kSeed}`, () => {
  it('counts the rows in which the first of the largest lie at the same place', () => {
    const sizes = fc
      .integer({ min: 2, max: 5 })
      .chain((width) => fc.tuple(fc.constant(width), rows(width), rows(width)));
    fc.assert(
      fc.property(sizes, ([width, predicted, targets]) => {
        const count = Math.min(predicted.length, targets.length);
        const first = (row: number[]) => row.indexOf(Math.max(...row));
        const hits = Array.from({ length: count }, (_, i) => first(predicted[i]!) === first(targets[i]!)).filter(
          Boolean,
        );
        const flat = (all: number[][]) => Float32Array.from(all.slice(0, count).flat());
        if (count === 0) return;
        const values = { prediction: flat(predicted), target: flat(targets), classes: width };
        expect(metrics.measure(metrics.categoricalAccuracy(), values)).toBe(hits.length / count);
      }),
      { seed: kSeed },
    );
  });
});

describe(`binary accuracy, seed ${kSeed}`, () => {
  it('counts the values above 1/2 where the target is 1, and the others where it is 0', () => {
    const pairs = fc.array(fc.tuple(value, fc.constantFrom(0, 1)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(pairs, (drawn) => {
        const hits = drawn.filter(([p, t]) => (p > 0.5 ? 1 : 0) === t).length;
        const [prediction, target] = [0, 1].map((side) => Float32Array.from(drawn, (pair) => pair[side]!)) as [
          Float32Array,
          Float32Array,
        ];
        expect(metrics.measure(metrics.binaryAccuracy(), { prediction, target })).toBe(hits / drawn.length);
      }),
      { seed: kSeed },
    );
  });
});
