// Many runs compared a layer at a time: the numbers of a plain walk over every pair, each value read once, and the memory of one layer.
// Controls: the walk sees a value that is another, a reader that reads everything at once is over the bound.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  compareAll,
  compareAllIn,
  compareRuns,
  compareRunsIn,
  layerOf,
  type NamedTensor,
  type RunsSource,
  sourceOf,
} from '../../../lib/divergence/index.js';
import { withWeights } from '../../../lib/experiments/index.js';
import { writeSafetensors } from '../../../lib/runs/index.js';
import { plainWalk } from './plain_walk.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-streamed-'));
afterAll(() => rmSync(folder, { recursive: true }));

const odd = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-45, -1e-40, 3.4e38];
const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -50, max: 50 }).map((n) => n / 7) },
  { weight: 2, arbitrary: fc.float({ noNaN: false }) },
  { weight: 1, arbitrary: fc.constantFrom(...odd) },
);

/** Two to five runs of one model of a few layers, whose tensors may lie among each other; about half of the values are those of the first. */
const drawn = fc
  .tuple(fc.integer({ min: 2, max: 5 }), fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 }))
  .chain(([runs, sizes]) => {
    const length = sizes.reduce((a, b) => a + b, 0);
    const values = fc.array(value, { minLength: length, maxLength: length });
    const changes = fc.array(fc.tuple(fc.array(fc.boolean(), { minLength: length, maxLength: length }), values), {
      minLength: runs - 1,
      maxLength: runs - 1,
    });
    return fc.tuple(values, changes).map(([first, others]) => {
      const all = [first, ...others.map(([take, other]) => first.map((one, i) => (take[i] ? other[i]! : one)))];
      return all.map((numbers): NamedTensor[] => {
        let at = 0;
        return sizes.map((size, t) => {
          const data = Float32Array.from(numbers.slice(at, at + size));
          at += size;
          return { name: `layer_${t % 3}/part_${t}`, dtype: 'float32', shape: [size], data };
        });
      });
    });
  });

const paths = (models: readonly (readonly NamedTensor[])[]) =>
  models.map((tensors, run) => {
    const path = join(folder, `${run}.safetensors`);
    writeSafetensors(path, { tensors: tensors.map((one) => ({ ...one, dtype: 'float32' as const })), metadata: {} });
    return path;
  });

describe('many runs', () => {
  it('differ in the numbers of a plain walk, in memory and out of files', () => {
    fc.assert(
      fc.property(drawn, (models) => {
        const { layers, all } = compareAll(models);
        const judged = plainWalk(models);
        const without = ({ l2: _, ...rest }: (typeof layers)[number]) => rest;
        expect(layers.map(without)).toEqual(judged.layers);
        expect({ ...all, l2: undefined }).toEqual({ ...judged.all, l2: undefined });
        const files = paths(models);
        expect(withWeights(files, (source) => compareRunsIn(source))).toEqual(compareRuns(models));
        const { apart, ...rest } = withWeights(files, (source) => compareAllIn(source, { apart: true }));
        expect(rest).toEqual(compareAll(models));
        const pairs = models.flatMap((a, i) => models.slice(i + 1).map((b) => compareAll([a, b]).all));
        expect(apart).toEqual(pairs);
      }),
      { seed: 20, numRuns: 60 },
    );
  });

  it('differ in them where arrays are longer than a block of the walk, wherever the first difference is', () => {
    const lengths = fc.constantFrom(255, 256, 257, 511, 512, 600);
    const longer = fc.tuple(
      lengths,
      fc.array(value, { minLength: 8, maxLength: 30 }),
      fc.integer({ min: 0, max: 599 }),
    );
    fc.assert(
      fc.property(longer, ([length, values, from]) => {
        const data = Float32Array.from({ length }, (_, i) => values[i % values.length]!);
        const other = data.map((one, i) => (i < from ? one : values[(3 * i + 1) % values.length]!));
        const models = [data, other].map((one): NamedTensor[] => [
          { name: 'a/kernel', dtype: 'float32', shape: [length], data: one },
        ]);
        expect(compareAll(models).all).toMatchObject(plainWalk(models).all);
      }),
      { seed: 22, numRuns: 200 },
    );
  });

  it('and the walk would see one value that is another (control)', () => {
    const model = (last: number): NamedTensor[] => [
      { name: 'a/kernel', dtype: 'float32', shape: [3], data: Float32Array.of(1, 2, last) },
    ];
    expect(compareAll([model(3), model(3)]).all).toMatchObject(plainWalk([model(3), model(3)]).all);
    expect(compareAll([model(3), model(3)]).all).not.toMatchObject(plainWalk([model(3), model(3.0000002)]).all);
  });

  it('are one layer alone where that is asked for', () => {
    const [models] = fc.sample(drawn, { seed: 21, numRuns: 1 });
    const [first] = [...new Set(models!.at(0)!.map(({ name }) => layerOf(name)))];
    const alone = compareRunsIn(sourceOf(models!), [first!]);
    expect(alone.layers).toEqual(compareRuns(models!).layers.slice(0, 1));
    const { layer: _, ...own } = alone.layers[0]!;
    expect(alone.all.distance).toEqual(own.distance);
  });
});

describe('the memory of a comparison', () => {
  const [runs, layers, size] = [6, 12, 2 ** 12];
  const models = Array.from({ length: runs }, (_, run) =>
    Array.from({ length: layers }, (_, t): NamedTensor => {
      const data = new Float32Array(size).fill(1 + run * 1e-6 + t);
      return { name: `layer_${t}/kernel`, dtype: 'float32', shape: [size], data };
    }),
  );

  /** What was read, and all memory that values were handed out in. */
  function watched(source: RunsSource) {
    const reads: string[] = [];
    const memory = new Set<ArrayBufferLike>();
    const read: RunsSource['read'] = (run, places) => {
      const values = source.read(run, places);
      for (const place of places) reads.push(`${run} ${place}`);
      for (const { buffer } of values) memory.add(buffer);
      return values;
    };
    const bytes = () => [...memory].reduce((sum, { byteLength }) => sum + byteLength, 0);
    return { source: { forms: source.forms, read }, reads, bytes };
  }

  it('is one layer of every run, and every value of a file is read once; of runs in memory it is all of them (control)', () => {
    const oneLayer = runs * size * 4;
    withWeights(paths(models), (source) => {
      const seen = watched(source);
      compareRunsIn(seen.source);
      expect(seen.reads).toHaveLength(runs * layers);
      expect(new Set(seen.reads).size).toBe(runs * layers);
      expect(seen.bytes()).toBe(oneLayer);
    });
    const held = watched(sourceOf(models));
    compareRunsIn(held.source);
    expect(held.bytes()).toBe(layers * oneLayer);
  });
});
