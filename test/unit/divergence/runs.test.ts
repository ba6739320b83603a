// Measures over N runs: similarity of pairs, spread of components, predictions.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comparePredictions,
  compareRuns,
  compareWeights,
  componentSd,
  cosineSimilarities,
  type NamedTensor,
} from '../../../lib/divergence/index.js';
import { standardDeviation } from '../../../lib/stats/index.js';

const f32 = (...values: number[]) => Float32Array.from(values);
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const small = fc.integer({ min: -64, max: 64 }).map((value) => value / 8);

/** Two to five runs of one length. */
const runs = fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 12 })).chain(([count, length]) => {
  const run = fc.array(small, { minLength: length, maxLength: length }).map((values) => f32(...values));
  return fc.array(run, { minLength: count, maxLength: count });
});

describe('cosineSimilarities', () => {
  it('is symmetric, 1 on the diagonal, and the same for pairs as compareWeights', () => {
    fc.assert(
      fc.property(runs, (list) => {
        const { matrix, minimum, mean, maximum } = cosineSimilarities(list);
        const pairs: number[] = [];
        for (const [i, row] of matrix.entries()) {
          expect(row[i]).toBe(1);
          for (let j = 0; j < i; j += 1) {
            expect(matrix[j]![i]).toBe(row[j]);
            const tensors = [list[i]!, list[j]!].map((data) => [model('dense/kernel', data)]);
            expect(row[j]).toBe(compareWeights(tensors[0]!, tensors[1]!)[0]!.cosineSimilarity);
            pairs.push(row[j]!);
          }
        }
        expect([minimum, maximum]).toEqual([Math.min(...pairs), Math.max(...pairs)]);
        expect(mean).toBeCloseTo(pairs.reduce((sum, one) => sum + one, 0) / pairs.length, 13);
      }),
      { seed: 51 },
    );
  });

  it('takes vectors of zeros of any sign for alike, and knows no angle to a value that is not finite', () => {
    expect(cosineSimilarities([f32(0, -0), f32(-0, 0)])).toMatchObject({ minimum: 1, mean: 1, maximum: 1 });
    expect(cosineSimilarities([f32(0, 0), f32(0, 3)]).minimum).toBe(0);
    for (const odd of [nan, inf, -inf]) {
      const { matrix, minimum, mean, maximum } = cosineSimilarities([f32(1, 2), f32(1, odd), f32(0, 0)]);
      expect(matrix).toEqual([
        [1, nan, 0],
        [nan, nan, nan],
        [0, nan, 1],
      ]);
      expect([minimum, mean, maximum]).toEqual([nan, nan, nan]);
    }
  });
});

const model = (name: string, data: Float32Array): NamedTensor => ({
  name,
  shape: [data.length],
  dtype: 'float32',
  data,
});

describe('componentSd', () => {
  it('is the standard deviation of each component by itself, the same whatever the order of runs', () => {
    fc.assert(
      fc.property(runs, (list) => {
        const found = componentSd(list);
        for (const [at, sd] of found.entries()) {
          const want = standardDeviation(list.map((run) => run[at]!));
          expect(Math.abs(sd - want)).toBeLessThanOrEqual(1e-14 * (1 + want));
        }
        const turned = componentSd([...list].reverse());
        for (const [at, sd] of turned.entries())
          expect(Math.abs(sd - found[at]!)).toBeLessThanOrEqual(1e-14 * (1 + sd));
      }),
      { seed: 52 },
    );
  });

  it('is 0 for equal components, NaNs and zeros of both signs too, and infinite where one is not finite', () => {
    const found = componentSd([
      f32(0.1, nan, 0, inf, inf, nan),
      f32(0.1, nan, -0, inf, 1, 1),
      f32(0.1, nan, 0, inf, 1, 1),
    ]);
    expect([...found]).toEqual([0, 0, 0, 0, inf, inf]);
  });
});

describe('compareRuns', () => {
  const three = [
    [model('a/kernel', f32(1, 2)), model('a/bias', f32(-1)), model('b/kernel', f32(5, 5))],
    [model('a/kernel', f32(1, 4)), model('a/bias', f32(1)), model('b/kernel', f32(5, 5))],
    [model('a/kernel', f32(1, 6)), model('a/bias', f32(0)), model('b/kernel', f32(5, 5))],
  ];

  it('measures layers and the whole: distances, similarity, spread with both divisors, flips', () => {
    const { runs: count, pairs, layers, all } = compareRuns(three);
    expect({ count, pairs, layers: layers.map(({ layer }) => layer) }).toEqual({
      count: 3,
      pairs: 3,
      layers: ['a', 'b'],
    });
    const [a, b] = layers;
    expect(a!.spread).toEqual({
      components: 3,
      differing: 2,
      meanSd: 1,
      meanSdPopulation: (Math.sqrt(8 / 3) + Math.sqrt(2 / 3)) / 3,
      maxSd: 2,
      signFlips: 1,
    });
    expect(b!.spread).toMatchObject({ components: 2, differing: 0, meanSd: 0, maxSd: 0, signFlips: 0 });
    expect(b!.similarity).toMatchObject({ minimum: 1, mean: 1, maximum: 1 });
    expect(all.spread).toMatchObject({ components: 5, differing: 2, meanSd: 3 / 5, maxSd: 2, signFlips: 1 });
    expect(all.distance).toMatchObject({ elements: 15, differing: 6, maxAbsolute: 4, signFlips: 1 });
    const cosine = (x: number[], y: number[]) => {
      const dot = (p: number[], q: number[]) => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
      return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
    };
    expect(all.similarity.matrix[2]![0]).toBe(cosine([1, 6, 0, 5, 5], [1, 2, -1, 5, 5]));
    expect(a!.similarity.matrix[1]![0]).toBe(cosine([1, 4, 1], [1, 2, -1]));
  });

  it('says nothing differs for one model thrice', () => {
    const { all } = compareRuns([three[0]!, three[0]!, three[0]!]);
    expect(all.distance).toMatchObject({ differing: 0, maxUlp: 0, ulpHistogram: [15, ...new Array(33).fill(0)] });
    expect(all.spread).toMatchObject({ differing: 0, meanSd: 0, meanSdPopulation: 0 });
    expect(all.similarity).toMatchObject({ minimum: 1, mean: 1, maximum: 1 });
  });

  it('refuses one run, and runs of different models', () => {
    expect(() => compareRuns([three[0]!])).toThrow('compareRuns: expected at least two runs, got 1');
    expect(() => compareRuns([three[0]!, three[0]!.slice(1)])).toThrow(
      "compareRuns: expected tensor 0 to be 'a/kernel' float32 [2] in both models, got 'a/bias' float32 [1]",
    );
    expect(() => cosineSimilarities([f32(1)])).toThrow('cosineSimilarities: expected at least two runs, got 1');
    expect(() => componentSd([f32(1), f32(1, 2)])).toThrow('componentSd: expected arrays of one length (1), got 2');
  });
});

describe('comparePredictions', () => {
  it('compares what each kind of target says of a sample', () => {
    const [a, b] = [f32(0.6, 0.9, 0.2, 0.1), f32(0.6, 0.4, 0.1, 0.2)];
    const differing = (kind: 'class' | 'several' | 'mask' | 'value', classes?: number) =>
      comparePredictions([a, b], 4, { kind, ...(classes !== undefined && { classes }) }).differing;
    // One sample of four outputs: the largest is the second or the first.
    expect(differing('class')).toBe(1);
    expect(differing('several')).toBe(1);
    expect(comparePredictions([f32(0.6, 0.9), f32(0.8, 0.7)], 2, { kind: 'several' }).differing).toBe(0);
    // Two places of two classes each: both change.
    expect(differing('mask', 2)).toBe(1);
    const places = [f32(0.6, 0.4, 0.1, 0.2), f32(0.9, 0.1, 0.3, 0.4)];
    expect(comparePredictions(places, 4, { kind: 'mask', classes: 2 }).differing).toBe(0);
    expect(comparePredictions(places, 4).differing).toBe(0);
    expect(comparePredictions(places, 4, { kind: 'value' })).toMatchObject({ samples: 1, differing: 1 });
    expect(comparePredictions([f32(0, nan), f32(-0, nan)], 2, { kind: 'value' }).differing).toBe(0);
    expect(comparePredictions([f32(1, 2, 3, 4), f32(1, 2, 3, 5)], 2, { kind: 'value' })).toMatchObject({
      differing: 1,
      firstDiffering: 1,
      matrix: [
        [0, 1],
        [1, 0],
      ],
    });
  });

  it('refuses an unknown kind, and classes that do not divide the width', () => {
    const two = [f32(1, 2), f32(1, 2)];
    expect(() => comparePredictions(two, 2, { kind: 'count' as 'class' })).toThrow(
      /^comparePredictions: expected kind to be one of /,
    );
    expect(() => comparePredictions(two, 2, { kind: 'mask', classes: 3 })).toThrow(
      'comparePredictions: expected classes to divide the width 2, got 3',
    );
  });

  it('compares classes, not probabilities: above 1/2 of one output, the lowest largest of several', () => {
    expect(comparePredictions([f32(0.2, 0.5, 0.9), f32(0.4, 0.51, 0.6)], 1)).toEqual({
      samples: 3,
      differing: 1,
      firstDiffering: 1,
      matrix: [
        [0, 1],
        [1, 0],
      ],
      minimum: 1 / 3,
      mean: 1 / 3,
      maximum: 1 / 3,
    });
    expect(comparePredictions([f32(1, 1, 0, 2, 3, 1), f32(5, 0, 0, 0, 0, 9)], 3)).toMatchObject({
      samples: 2,
      differing: 1,
      firstDiffering: 1,
    });
  });

  it('gives a sample with NaN no class, which is one of its own; zeros of both signs tie, infinities are ordered', () => {
    expect(comparePredictions([f32(nan), f32(nan), f32(0)], 1)).toMatchObject({
      differing: 1,
      matrix: [
        [0, 0, 1],
        [0, 0, 1],
        [1, 1, 0],
      ],
      minimum: 0,
      mean: 2 / 3,
      maximum: 1,
    });
    const rows = [f32(0, -0, nan, 1, -inf, 1), f32(-0, 0, 1, nan, 1, inf)];
    expect(comparePredictions(rows, 2)).toMatchObject({ samples: 3, differing: 0, firstDiffering: null });
  });

  it('is the number of samples that any pair disagrees on, at least', () => {
    fc.assert(
      fc.property(runs, (list) => {
        const { differing, matrix, samples, maximum } = comparePredictions(list, 1);
        const most = Math.max(...matrix.flat());
        expect(differing).toBeGreaterThanOrEqual(most);
        expect(maximum).toBe(most / samples);
        expect(differing).toBe(list[0]!.filter((one, i) => list.some((run) => run[i]! > 0.5 !== one > 0.5)).length);
      }),
      { seed: 53 },
    );
  });

  it('refuses one run, other lengths and a width that does not divide', () => {
    expect(() => comparePredictions([f32(1)], 1)).toThrow('comparePredictions: expected at least two runs, got 1');
    expect(() => comparePredictions([f32(1), f32(1, 2)], 1)).toThrow(
      'comparePredictions: expected arrays of one length (1), got 2',
    );
    expect(() => comparePredictions([f32(1, 2), f32(1, 2)], 3)).toThrow(
      'comparePredictions: expected width to divide 2, the length of the predictions, got 3',
    );
    expect(() => comparePredictions([f32(1), f32(1)], 0)).toThrow(
      'comparePredictions: expected width to be an integer >= 1, got 0',
    );
  });
});
