// The layers: options and what is refused, shapes, first values, names. Keras says what is default.

import { afterAll, describe, expect, it } from 'vitest';
import { wording } from '../../../lib/errors/index.js';
import { createRuntime, layers, model, randomUniform, sequential, type Tensor, tensor } from '../../../lib/index.js';

const {
  activation,
  add,
  averagePooling2d,
  conv2d,
  dense,
  dropout,
  flatten,
  initializers,
  input,
  maxPooling2d,
  rescaling,
} = layers;

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const picture = (h = 8, w = 6, c = 4) => input({ shape: [h, w, c] });

describe('output shapes', () => {
  const cases: [string, layers.Layer, number[], number[]][] = [
    ['conv2d valid', conv2d({ filters: 5, kernelSize: 3 }), [8, 6, 4], [6, 4, 5]],
    [
      'conv2d same, strided',
      conv2d({ filters: 5, kernelSize: [3, 2], strides: [2, 3], padding: 'same' }),
      [8, 7, 4],
      [4, 3, 5],
    ],
    ['conv2d padded by hand', conv2d({ filters: 5, kernelSize: 3, padding: [1, 0, 2, 1] }), [8, 6, 4], [7, 7, 5]],
    ['conv2d dilated', conv2d({ filters: 5, kernelSize: 3, dilationRate: 2 }), [8, 6, 4], [4, 2, 5]],
    ['conv2d in groups', conv2d({ filters: 6, kernelSize: 1, groups: 2 }), [8, 6, 4], [8, 6, 6]],
    ['maxPooling2d', maxPooling2d(), [9, 6, 4], [4, 3, 4]],
    ['maxPooling2d overlapping', maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }), [9, 6, 4], [5, 3, 4]],
    ['averagePooling2d', averagePooling2d({ poolSize: [2, 3] }), [8, 6, 4], [4, 2, 4]],
    ['flatten', flatten(), [8, 6, 4], [192]],
    ['dense', dense({ units: 7 }), [5], [7]],
    ['dropout', dropout({ rate: 0.5 }), [5], [5]],
    ['activation', activation({ activation: 'tanh' }), [5, 2], [5, 2]],
    ['rescaling', rescaling({ scale: 2 }), [5, 2], [5, 2]],
  ];
  it.each(cases)('%s', (_what, layer, shape, wanted) => {
    expect(layer.apply(input({ shape })).shape).toEqual(wanted);
  });

  it('are those of the tensors the layers compute', () => {
    const net = sequential([
      input({ shape: [9, 8, 3] }),
      conv2d({ filters: 4, kernelSize: [2, 3], strides: 2, padding: 'same', activation: 'relu' }),
      maxPooling2d({ poolSize: 2, strides: 1 }),
      averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
      conv2d({ filters: 6, kernelSize: 2, dilationRate: 2, groups: 2, activation: 'sigmoid', useBias: false }),
      flatten(),
      dense({ units: 3, activation: 'softmax' }),
    ]).compile({ runtime, loss: 'categoricalCrossentropy' });
    const y = net.predictOnBatch(tensor(runtime, new Float32Array(2 * 9 * 8 * 3), [2, 9, 8, 3]));
    expect(y.shape).toEqual([2, ...net.sampleShapes.y]);
    expect(
      y
        .data()
        .slice(0, 3)
        .reduce((a, b) => a + b),
    ).toBeCloseTo(1);
  });
});

const activationWords =
  "'linear', 'elu', 'exponential', 'gelu', 'hard_sigmoid', 'hard_silu', 'hard_swish', 'leaky_relu', 'log_softmax', 'relu', 'relu6', 'selu', " +
  "'sigmoid', 'silu', 'softmax', 'softplus', 'swish', 'tanh'";
const initializerWords =
  "'zeros', 'ones', 'randomUniform', 'randomNormal', 'truncatedNormal', 'orthogonal', 'glorotUniform', 'glorotNormal', " +
  "'heUniform', 'heNormal', 'lecunUniform', 'lecunNormal', 'torchUniform', 'varianceScaling'";
const paddingWords = "'valid', 'same' or four integers >= 0 [top, bottom, left, right]";

describe('what is refused', () => {
  const makers: [string, () => unknown, string, string, string][] = [
    [
      'an unknown option',
      () => dense({ units: 1, unit: 2 } as never),
      'dense',
      'options units, activation, useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, kernelConstraint, biasConstraint, activityRegularizer, name, trainable',
      "'unit'; did you mean units?",
    ],
    ['no units', () => dense({ units: 0 }), 'dense', 'units to be an integer >= 1', '0'],
    ['half a unit', () => dense({ units: 1.5 }), 'dense', 'units to be an integer >= 1', '1.5'],
    [
      'an unknown activation',
      () => dense({ units: 1, activation: 'sine' as never }),
      'dense',
      `activation to be one of ${activationWords}`,
      "'sine'",
    ],
    [
      'a bias that is a number',
      () => dense({ units: 1, useBias: 1 as never }),
      'dense',
      'useBias to be true or false',
      '1',
    ],
    [
      'an unknown initializer',
      () => dense({ units: 1, kernelInitializer: 'glorot' as never }),
      'dense',
      `kernelInitializer to be one of ${initializerWords}`,
      "'glorot'",
    ],
    [
      'an initializer that is none',
      () => dense({ units: 1, biasInitializer: 3 as never }),
      'dense',
      'biasInitializer to be an initializer or its name',
      '3',
    ],
    ['no filters', () => conv2d({ filters: 0, kernelSize: 3 }), 'conv2d', 'filters to be an integer >= 1', '0'],
    [
      'a kernel without size',
      () => conv2d({ filters: 1 } as never),
      'conv2d',
      'kernelSize to be one or two integers >= 1',
      'undefined',
    ],
    [
      'three strides',
      () => conv2d({ filters: 1, kernelSize: 3, strides: [1, 1, 1] as never }),
      'conv2d',
      'strides to be one or two integers >= 1',
      '[1, 1, 1]',
    ],
    [
      'groups that do not divide the filters',
      () => conv2d({ filters: 3, kernelSize: 3, groups: 2 }),
      'conv2d',
      'filters to be a multiple of groups (2)',
      '3',
    ],
    [
      'a window without rows',
      () => maxPooling2d({ poolSize: 0 }),
      'maxPooling2d',
      'poolSize to be one or two integers >= 1',
      '0',
    ],
    [
      'another window option',
      () => averagePooling2d({ size: 2 } as never),
      'averagePooling2d',
      'options poolSize, strides, padding, ceilMode, countPadding, name, trainable',
      "'size'",
    ],
    ['a rate of 1', () => dropout({ rate: 1 }), 'dropout', 'rate to be in [0, 1)', '1'],
    ['a rate that is no number', () => dropout({ rate: Number.NaN }), 'dropout', 'rate to be in [0, 1)', 'NaN'],
    [
      'a negative seed',
      () => dropout({ rate: 0.5, seed: -1 }),
      'dropout',
      'seed to be an integer from 0 to 2^53 - 1',
      '-1',
    ],
    [
      'a name with a slash',
      () => flatten({ name: 'a/b' }),
      'flatten',
      "name to be a word without spaces and '/'",
      "'a/b'",
    ],
    [
      'trainable that is a word',
      () => flatten({ trainable: 'no' as never }),
      'flatten',
      'trainable to be true or false',
      "'no'",
    ],
    [
      'an input without shape',
      () => input({} as never),
      'input',
      'shape to be a list of at most 7 lengths >= 1',
      'undefined',
    ],
    [
      'an input of length 0',
      () => input({ shape: [3, 0] }),
      'input',
      'shape to be a list of at most 7 lengths >= 1',
      '[3, 0]',
    ],
    [
      'an empty range',
      () => initializers.randomUniform({ minval: 1, maxval: 0 }),
      'randomUniform',
      'maxval to be a number >= 1',
      '0',
    ],
    [
      'a negative deviation',
      () => initializers.randomNormal({ stddev: -1 }),
      'randomNormal',
      'stddev to be a number >= 0',
      '-1',
    ],
    [
      'an infinite constant',
      () => initializers.constant({ value: 1 / 0 }),
      'constant',
      'value to be a finite number',
      'Infinity',
    ],
    [
      'dense without features',
      () => dense({ units: 1 }).apply(input({ shape: [] })),
      'dense',
      'input [..., features] beside the batch',
      '[]',
    ],
    [
      'a convolution of features',
      () => conv2d({ filters: 1, kernelSize: 3 }).apply(input({ shape: [5] })),
      'conv2d',
      'input [h, w, channels] beside the batch',
      '[5]',
    ],
    [
      'a window larger than the picture',
      () => conv2d({ filters: 1, kernelSize: 9 }).apply(picture()),
      'conv2d',
      'a padded input of at least [9, 9]',
      '[8, 6]',
    ],
    [
      'an unknown padding',
      () => maxPooling2d({ padding: 'full' as never }).apply(picture()),
      'max_pooling2d',
      `padding to be ${paddingWords}`,
      "'full'",
    ],
    [
      'channels that groups do not divide',
      () => conv2d({ filters: 3, kernelSize: 1, groups: 3 }).apply(picture()),
      'conv2d',
      'input with a multiple of 3 channels (groups)',
      '[8, 6, 4]',
    ],
    ['two inputs where there is one', () => flatten().apply([picture(), picture()]), 'flatten', 'one input', '2'],
    ['one input where there are two', () => add().apply(picture()), 'add', 'two inputs or more', '1'],
    [
      'a sum of two shapes',
      () => add().apply([picture(), picture(8, 6, 5)]),
      'add',
      'shapes that broadcast together',
      '[8, 6, 4] and [8, 6, 5]',
    ],
  ];
  it.each(makers)('%s', (_what, make, who, expected, got) => {
    expect(make).toThrow(expect.objectContaining({ message: wording({ who, expected, got }) }));
  });

  it('a second use of weights on inputs of another shape', () => {
    const layer = dense({ units: 2, name: 'shared' });
    layer.apply(input({ shape: [3] }));
    expect(() => layer.apply(input({ shape: [4] }))).toThrow('shared: expected input [3], as before, got [4]');
  });

  it('weights before compile', () => {
    const net = sequential([input({ shape: [3] }), dense({ units: 2 })]);
    expect(() => net.weights[0]!.tensor).toThrow(
      "weight 'kernel': expected a model that was given a runtime, got one that was not; call compile first",
    );
  });
});

describe('first values', () => {
  const valuesOf = (initializer: layers.InitializerOption, shape: [number, number], seed = 5) => {
    const net = sequential([input({ shape: [shape[0]] }), dense({ units: shape[1], kernelInitializer: initializer })]);
    net.compile({ runtime, loss: 'binaryCrossentropy', seed });
    return net.weights[0]!.tensor.data();
  };
  const limits: [layers.InitializerOption, number][] = [
    ['glorotUniform', Math.sqrt(6 / (40 + 25))],
    ['heUniform', Math.sqrt(6 / 40)],
    ['lecunUniform', Math.sqrt(3 / 40)],
    ['randomUniform', 0.05],
  ];
  it.each(limits)('of %s fill the range Keras gives them', (name, limit) => {
    const values = valuesOf(name, [40, 25]);
    expect(Math.max(...values)).toBeLessThanOrEqual(Math.fround(limit));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-Math.fround(limit));
    expect(Math.max(...values)).toBeGreaterThan(0.99 * limit);
    expect(Math.min(...values)).toBeLessThan(-0.99 * limit);
  });

  it('of randomNormal have its mean and deviation', () => {
    const values = valuesOf(initializers.randomNormal({ mean: 1, stddev: 0.5 }), [100, 100]);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) * (b - mean), 0) / values.length;
    expect(mean).toBeCloseTo(1, 1);
    expect(Math.sqrt(variance)).toBeCloseTo(0.5, 1);
  });

  it('of zeros, ones and constant are those', () => {
    expect([...valuesOf('zeros', [1, 2])]).toEqual([0, 0]);
    expect([...valuesOf('ones', [1, 2])]).toEqual([1, 1]);
    expect([...valuesOf(initializers.constant({ value: 0.25 }), [1, 2])]).toEqual([0.25, 0.25]);
  });

  it('of a convolution count the window in both fans', () => {
    const net = sequential([input({ shape: [9, 9, 4] }), conv2d({ filters: 8, kernelSize: [3, 5] })]);
    net.compile({ runtime, loss: 'binaryCrossentropy' });
    const limit = Math.sqrt(6 / (15 * 4 + 15 * 8));
    const largest = Math.max(...net.weights[0]!.tensor.data());
    expect(largest).toBeLessThanOrEqual(Math.fround(limit));
    expect(largest).toBeGreaterThan(0.98 * limit);
  });

  it('are the numbers of (seed, initializer + 256 * place, weight), as the contract says', () => {
    const range = { low: -0.05, high: 0.05 };
    const want = randomUniform(runtime, [3, 2], { seed: 5, stream: 256 * 2, step: 0 }, range);
    expect(valuesOf('randomUniform', [3, 2])).toEqual(want.data());
    const own = randomUniform(runtime, [3, 2], { seed: 8, stream: 256 * 2, step: 0 }, range);
    expect(valuesOf(initializers.randomUniform({ seed: 8 }), [3, 2])).toEqual(own.data());
    expect(valuesOf(initializers.randomUniform({ seed: 8 }), [3, 2], 6)).toEqual(own.data());
    expect(valuesOf('randomUniform', [3, 2], 6)).not.toEqual(want.data());
  });

  it('differ between layers of one seed', () => {
    const net = sequential([input({ shape: [4] }), dense({ units: 4 }), dense({ units: 4 })]);
    net.compile({ runtime, loss: 'binaryCrossentropy' });
    expect(net.weights[0]!.tensor.data()).not.toEqual(net.weights[2]!.tensor.data());
  });
});

describe('dropout', () => {
  type Context = { training: boolean; step: number; seed: number };
  const call = (seed: number | undefined, context: Context): Tensor => {
    const layer = dropout(seed === undefined ? { rate: 0.5 } : { rate: 0.5, seed });
    layer.make(runtime, context.seed, 3);
    return layer.call([tensor(runtime, new Float32Array(64).fill(1))], context);
  };
  const values = (seed: number | undefined, context: Context) => [...call(seed, context).data()];
  const first = { training: true, step: 0, seed: 1 };

  it('keeps values doubled or drops them in training, and does nothing otherwise', () => {
    expect(new Set(values(7001, first))).toEqual(new Set([0, 2]));
    expect(new Set(values(7001, { ...first, training: false }))).toEqual(new Set([1]));
  });

  it('drops others at every step, and the same for the same step', () => {
    expect(values(7001, first)).toEqual(values(7001, first));
    expect(values(7001, { ...first, step: 1 })).not.toEqual(values(7001, first));
  });

  it('follows its own seed, and the run where it has none', () => {
    expect(values(7001, { ...first, seed: 2 })).toEqual(values(7001, first));
    expect(values(undefined, { ...first, seed: 2 })).not.toEqual(values(undefined, first));
    expect(values(undefined, { ...first, seed: 7001 })).toEqual(values(7001, first));
  });
});

describe('names', () => {
  it('number the layers of a kind, keep given ones, and lead through nested models', () => {
    const block = sequential([dense({ units: 2 }), dense({ units: 2, name: 'last' })], { name: 'block' });
    const x = input({ shape: [2] });
    const y = dense({ units: 2 }).apply(block.apply(dense({ units: 2 }).apply(x)));
    const names = model({ inputs: x, outputs: y })
      .namedWeights()
      .map(({ name }) => name);
    expect(names.filter((name) => name.endsWith('kernel'))).toEqual([
      'dense/kernel',
      'block/dense/kernel',
      'block/last/kernel',
      'dense_1/kernel',
    ]);
  });

  it('given twice are refused', () => {
    const row = () => [input({ shape: [2] }), dense({ units: 2, name: 'a' }), dense({ units: 2, name: 'a' })];
    expect(() => sequential(row())).toThrow("model: expected layers of different names, got two called 'a'");
  });
});
