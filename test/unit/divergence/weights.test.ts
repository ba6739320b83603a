import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAll, compareWeights, layerOf, type NamedTensor } from '../../../lib/divergence/index.js';

const tensor = (name: string, ...values: number[]): NamedTensor => ({
  name,
  shape: [values.length],
  dtype: 'float32',
  data: Float32Array.from(values),
});
const model = (kernel: number, bias: number, dense: number) => [
  tensor('conv2d/kernel', 1, kernel),
  tensor('conv2d/bias', bias),
  tensor('dense/kernel', dense, 5, 6),
];
const next = (value: number, steps = 1) => {
  const words = new Int32Array(Float32Array.of(value).buffer);
  words[0]! += steps;
  return new Float32Array(words.buffer)[0]!;
};

describe('compareWeights', () => {
  it('groups the tensors of a layer and keeps the order of the model', () => {
    const layers = compareWeights(model(2, 3, 4), model(next(2), 3, 4));
    expect(layers.map(({ layer, elements, differing }) => ({ layer, elements, differing }))).toEqual([
      { layer: 'conv2d', elements: 3, differing: 1 },
      { layer: 'dense', elements: 3, differing: 0 },
    ]);
  });

  it('counts the first differing element inside the layer, through its tensors', () => {
    const layers = compareWeights(model(2, 3, 4), model(2, next(3), next(4)));
    expect(layers.map((layer) => layer.firstDiffering)).toEqual([2, 0]);
  });

  it('takes the part before the last slash as the layer, or the whole name', () => {
    expect(['a/b/kernel', 'kernel', '/odd'].map(layerOf)).toEqual(['a/b', 'kernel', '/odd']);
  });

  it('refuses models that are not alike, naming the first tensor that differs', () => {
    expect(() => compareWeights(model(1, 2, 3), model(1, 2, 3).slice(1))).toThrow(
      "compareWeights: expected tensor 0 to be 'conv2d/kernel' float32 [2] in both models, got 'conv2d/bias' float32 [1]",
    );
    expect(() => compareWeights(model(1, 2, 3), model(1, 2, 3).slice(0, 2))).toThrow(
      "compareWeights: expected tensor 2 to be 'dense/kernel' float32 [3] in both models, got none",
    );
  });
});

describe('compareAll', () => {
  const runs = [model(2, 3, 4), model(next(2), 3, 4), model(next(2, 3), 3, 4)];

  it('has the mean length of the pairs, which lies among them, and each of them: drawn runs, seed 71', () => {
    const number = fc.integer({ min: -99, max: 99 }).map((step) => step / 8);
    const drawn = fc.array(fc.tuple(number, number, number), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(drawn, (values) => {
        const models = values.map(([kernel, bias, dense]) => model(kernel, bias, dense));
        const { layers, all } = compareAll(models);
        const lengths = values.flatMap((a, i) =>
          values.slice(i + 1).map((b) => [0, 1, 2].map((k) => (a[k]! - b[k]!) ** 2)),
        );
        const of = (places: number[]) =>
          lengths.map((squares) => Math.sqrt(places.reduce((sum, k) => sum + squares[k]!, 0)));
        for (const [found, expected] of [
          [all, of([0, 1, 2])],
          [layers[0]!, of([0, 1])],
          [layers[1]!, of([2])],
        ] as const) {
          expect(found.l2Pairs).toEqual(expected);
          expect(found.l2).toBeCloseTo(expected.reduce((sum, length) => sum + length, 0) / expected.length, 10);
          expect(found.l2).toBeLessThanOrEqual(Math.max(...expected) * (1 + 1e-12));
          expect(found.l2).toBeGreaterThanOrEqual(Math.min(...expected) * (1 - 1e-12));
        }
      }),
      { seed: 71 },
    );
  });

  it('takes the largest and the mean over all pairs', () => {
    const { pairs, layers, all } = compareAll(runs);
    expect(pairs).toBe(3);
    // Distances of the pairs: 1, 3, 2 over three elements each.
    expect(layers[0]).toMatchObject({ layer: 'conv2d', maxUlp: 3, meanUlp: 6 / 9, firstDiffering: 1, differing: 3 });
    expect(layers[1]).toMatchObject({ layer: 'dense', maxUlp: 0, meanUlp: 0, differing: 0, cosineSimilarity: 1 });
    expect(all).toMatchObject({ maxUlp: 3, meanUlp: 6 / 18, elements: 18, firstDiffering: 1 });
  });

  it('does not depend on the order of the runs', () => {
    const forward = compareAll(runs);
    const backward = compareAll([...runs].reverse());
    expect(backward.layers.map((layer) => layer.meanUlp)).toEqual(forward.layers.map((layer) => layer.meanUlp));
    expect(backward.all.differingBits).toBe(forward.all.differingBits);
  });

  it('counts `all` through the layers: the first difference in dense comes after the three weights of conv2d', () => {
    expect(compareAll([model(2, 3, 4), model(2, 3, next(4))]).all.firstDiffering).toBe(3);
  });

  it('has nothing to compare for one model', () => {
    expect(compareAll([model(1, 2, 3)])).toMatchObject({ pairs: 0, all: { elements: 0, maxUlp: 0, meanUlp: 0 } });
  });
});
