// normalization: what adapt finds before and after a model has weights, which data it takes, what is refused, and its weights in files.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  createRuntime,
  layers,
  loadModel,
  loadWeights,
  modelConfig,
  modelFromConfig,
  saveWeights,
  sequential,
  tensor,
  weightsHash,
} from '../../../lib/index.js';

const runtime = createRuntime({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), 'samebits-normalization-'));
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

const rows = [
  [0, 7, 4],
  [2, 9, 6],
  [0, 7, 4],
  [2, 9, 6],
];
const { normalization } = layers;
type Options = layers.NormalizationOptions;
const netOf = (layer: layers.Layer, shape = [3]) =>
  sequential([layers.input({ shape }), layer]).build({ runtime, seed: 1 });
const outputOf = (options: Options, x: number[][], data?: number[][]) => {
  const layer = normalization(options);
  if (data) layer.adapt(data);
  using net = netOf(layer, [x[0]!.length]);
  return [...net.predictOnBatch(tensor(runtime, x)).data()];
};

describe('adapt', () => {
  it('finds mean and variance of each place, and all of one; invert brings values back', () => {
    expect(outputOf({}, [[0, 7, 4]], rows)).toEqual([-1, -1, -1]);
    expect(outputOf({ invert: true }, [[1, 2, 3]], rows)).toEqual([2, 10, 8]);
    expect(outputOf({ axis: null }, [[1], [2], [3]], [[1], [2], [3], [4], [5]]).map(Math.fround)).toEqual(
      [-1, 0, 1].map((k) => Math.fround(Math.fround(k - 1) / Math.fround(Math.SQRT2))),
    );
    expect(outputOf({ mean: 3, variance: 4 }, [[1], [3], [7]])).toEqual([-1, 0, 2]);
  });

  it('divides by 1e-7 where a place does not vary', () => {
    expect(outputOf({}, [[5], [6]], [[5], [5]])).toEqual([0, Math.fround(1 / Math.fround(1e-7))]);
  });

  it.each([
    ['a tensor', tensor(runtime, rows)],
    ['flat numbers', rows.flat()],
    ['a typed array', Uint8Array.from(rows.flat())],
    ['lists', rows],
  ])('takes %s, before the model has weights or after', (_what, data) => {
    const layer = normalization();
    using net = netOf(layer);
    layer.adapt(data);
    expect(net.getWeights().map((one) => [...one])).toEqual([[1, 8, 5], [1, 1, 1], [0]]);
    const later = normalization();
    const x = layers.input({ shape: [3] });
    later.apply(x);
    later.adapt(data);
    expect([...netOf(later).getWeights()[0]!]).toEqual([1, 8, 5]);
  });

  it('keeps axes in their order, whatever their numbers', () => {
    const layer = normalization({ axis: [-1, 1] });
    layer.adapt([
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
    ]);
    using net = netOf(layer, [2, 2, 2]);
    expect(net.getWeights().map((one) => [...one])).toEqual([[2, 3, 6, 7], [1, 1, 1, 1], [0]]);
    expect([
      ...net
        .predictOnBatch(
          tensor(runtime, [
            [
              [
                [2, 3],
                [2, 3],
              ],
              [
                [6, 7],
                [8, 9],
              ],
            ],
          ]),
        )
        .data(),
    ]).toEqual([0, 0, 0, 0, 0, 0, 2, 2]);
  });
});

it('its statistics do not learn, are weights of the model, and survive every file of weights', async () => {
  const layer = normalization({ name: 'scaled' });
  layer.adapt(rows);
  using net = sequential([layers.input({ shape: [3] }), layer, layers.dense({ units: 1 })]);
  net.compile({ runtime, loss: 'meanSquaredError', optimizer: 'sgd:learningRate=0.1' });
  expect(net.countParams()).toEqual({ total: 11, trainable: 4 });
  net.trainOnBatch(tensor(runtime, rows), tensor(runtime, [1, 0, 1, 0], [4, 1]));
  expect(
    net
      .getWeights()
      .slice(0, 3)
      .map((one) => [...one]),
  ).toEqual([[1, 8, 5], [1, 1, 1], [0]]);
  for (const name of ['net.keras', 'net.h5']) {
    await net.save(join(folder, name));
    using again = await loadModel(join(folder, name), { runtime });
    expect(weightsHash(again)).toBe(weightsHash(net));
  }
  for (const name of ['net.weights.h5', 'net.safetensors', 'net.npz']) {
    await saveWeights(net, join(folder, name));
    using other = modelFromConfig(modelConfig(net)).build({ runtime, seed: 9 });
    expect(weightsHash(other)).not.toBe(weightsHash(net));
    await loadWeights(other, join(folder, name));
    expect(weightsHash(other)).toBe(weightsHash(net));
  }
});

describe('refuses', () => {
  const on = (options: Options, shape = [3]) => normalization(options).apply(layers.input({ shape }));
  const adapted = (data: unknown, options: Options = {}) => {
    const layer = normalization(options);
    layer.apply(layers.input({ shape: [3] }));
    layer.adapt(data as never);
  };
  const cases: [string, () => unknown, string][] = [
    ['a mean alone', () => on({ mean: 1 }), 'normalization: expected mean and variance together, got mean alone'],
    [
      'a variance alone',
      () => on({ variance: 1 }),
      'normalization: expected mean and variance together, got variance alone',
    ],
    [
      'both of other shapes',
      () => on({ mean: [1, 2, 3], variance: [1] }),
      'normalization: expected variance [3], as mean, got [1]',
    ],
    [
      'more axes than keep places',
      () => on({ mean: [[1]], variance: [[1]] }),
      'normalization: expected mean of at most 1 axes, those of axis, got [1, 1]',
    ],
    [
      'a mean that does not broadcast',
      () => on({ mean: [1, 2], variance: [1, 2] }),
      'normalization: expected mean that broadcasts to [3], got [2]',
    ],
    [
      'a mean that is no number',
      () => on({ mean: Number.NaN, variance: 1 }),
      'normalization: expected mean to be a finite number or lists of them, got NaN',
    ],
    [
      'the batch as axis',
      () => on({ axis: 0 }),
      'normalization: expected axis to be integers other than 0, the batch, got 0',
    ],
    [
      'an axis that is not there',
      () => on({ axis: 2 }),
      'normalization: expected different axes among the 2 of an input, the batch being 0, got [2]',
    ],
    [
      'adapt of what was given',
      () => adapted(rows, { mean: 1, variance: 1 }),
      'normalization: expected a layer without mean and variance, got one with them',
    ],
    [
      'data of other places',
      () => adapted([[1, 2]]),
      'normalization: expected data with places [3] along axis [-1], got [2]',
    ],
    ['half a sample', () => adapted([1, 2, 3, 4]), 'normalization: expected data of samples [3], got 4 values'],
    ['no data', () => adapted([]), 'normalization: expected data of one sample or more, got [0]'],
    ['what is no data', () => adapted(7), 'normalization: expected data to be a tensor, lists or a typed array, got 7'],
    [
      'data of one place less, before an input is known',
      () => {
        const layer = normalization();
        layer.adapt([[1, 2]]);
        layer.apply(layers.input({ shape: [3] }));
      },
      'normalization: expected data with places [3] along axis [-1], got [2]',
    ],
  ];
  it.each(cases)('%s', (_what, run, message) => {
    expect(run).toThrow(expect.objectContaining({ message }));
  });
});
