// Three models and more against one pair at a time: the first difference, largest values and sums; and the classes of
// several outputs, NaN among them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAll, comparePredictions, compareWeights, type NamedTensor } from '../../../lib/divergence/index.js';

const kSeed = 91;
// Two values, so that many elements are equal and the first difference lies anywhere.
const value = fc.constantFrom(1, 1, 1, 2);
const names = ['a/kernel', 'a/bias', 'b/kernel', 'c'];
const lengths = [3, 2, 4, 1];
const run = fc.tuple(...lengths.map((length) => fc.array(value, { minLength: length, maxLength: length }))).map((all) =>
  all.map(
    (values, i): NamedTensor => ({
      name: names[i]!,
      shape: [values.length],
      dtype: 'float32',
      data: Float32Array.from(values),
    }),
  ),
);
const runs = fc.array(run, { minLength: 2, maxLength: 4 });

/** Layers of the models, each as one list. */
const layered = (model: NamedTensor[]) => {
  const [a, b, c, d] = model.map(({ data }) => [...data]) as [number[], number[], number[], number[]];
  return { a: [...a, ...b], b: c, c: d };
};
const first = (lists: number[][]) => {
  const at = lists[0]!.findIndex((_, i) => lists.some((list) => list[i] !== lists[0]![i]));
  return at < 0 ? null : at;
};

describe(`several models, seed ${kSeed}`, () => {
  it('differ first at the lowest place at which any two of them do', () => {
    fc.assert(
      fc.property(runs, (models) => {
        const found = compareAll(models);
        const lists = models.map(layered);
        for (const layer of ['a', 'b', 'c'] as const) {
          const one = found.layers.find((each) => each.layer === layer)!;
          expect(one.firstDiffering).toBe(first(lists.map((list) => list[layer])));
        }
        expect(found.all.firstDiffering).toBe(first(lists.map(({ a, b, c }) => [...a, ...b, ...c])));
      }),
      { seed: kSeed },
    );
  });

  it('are the largest and the sums over all pairs', () => {
    fc.assert(
      fc.property(runs, (models) => {
        const found = compareAll(models);
        const pairs = models.flatMap((one, i) => models.slice(i + 1).map((other) => compareWeights(one, other)));
        expect(found.pairs).toBe(pairs.length);
        found.layers.forEach((layer, at) => {
          const same = pairs.map((pair) => pair[at]!);
          const sum = (pick: (one: (typeof same)[number]) => number) => same.reduce((all, one) => all + pick(one), 0);
          expect(layer.elements).toBe(sum(({ elements }) => elements));
          expect(layer.differing).toBe(sum(({ differing }) => differing));
          expect(layer.maxUlp).toBe(Math.max(...same.map(({ maxUlp }) => maxUlp)));
          expect(layer.maxAbsolute).toBe(Math.max(...same.map(({ maxAbsolute }) => maxAbsolute)));
        });
        const total = (pick: (one: (typeof found.layers)[number]) => number) =>
          found.layers.reduce((all, one) => all + pick(one), 0);
        expect(found.all.elements).toBe(total(({ elements }) => elements));
        expect(found.all.differing).toBe(total(({ differing }) => differing));
      }),
      { seed: kSeed },
    );
  });
});

describe(`predictions of several outputs, seed ${kSeed}`, () => {
  const output = fc.constantFrom(0, 0.25, 0.5, 0.75, Number.NaN, Number.POSITIVE_INFINITY, -0);
  const drawn = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 4 }))
    .chain(([width, samples, count]) => {
      const length = width * samples;
      const one = fc.array(output, { minLength: length, maxLength: length });
      return fc.tuple(fc.constant(width), fc.array(one, { minLength: count, maxLength: count }));
    });
  const classOf = (row: number[]): number | string => {
    if (row.some(Number.isNaN)) return 'none';
    if (row.length === 1) return Number(row[0]! > 0.5);
    return row.findIndex((one) => row.every((other) => other <= one));
  };

  it('are of the first of the largest, of no class with a NaN anywhere, and differ where two runs do', () => {
    fc.assert(
      fc.property(drawn, ([width, lists]) => {
        const samples = lists[0]!.length / width;
        const classes = lists.map((list) =>
          Array.from({ length: samples }, (_, i) => classOf(list.slice(i * width, (i + 1) * width))),
        );
        const apart = classes[0]!.flatMap((one, i) => (classes.every((run) => run[i] === one) ? [] : [i]));
        const matrix = classes.map((a) => classes.map((b) => a.filter((one, i) => one !== b[i]).length));
        const shares = matrix.flatMap((row, i) => row.slice(0, i).map((count) => count / samples));
        const found = comparePredictions(
          lists.map((list) => Float32Array.from(list)),
          width,
        );
        expect(found).toMatchObject({
          samples,
          differing: apart.length,
          firstDiffering: apart[0] ?? null,
          matrix,
          minimum: Math.min(...shares),
          maximum: Math.max(...shares),
        });
        expect(found.mean).toBeCloseTo(shares.reduce((a, b) => a + b) / shares.length, 12);
      }),
      { seed: kSeed, numRuns: 300 },
    );
  });
});
