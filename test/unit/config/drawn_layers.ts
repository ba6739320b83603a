// Every layer with all of its options, drawn at random, for round trips through configs.

import fc from 'fast-check';
import { layers } from '../../../lib/index.js';

const { initializers } = layers;

/** The layers of the index by their words, with the options that a config keeps. */
export const makers = new Map(
  Object.entries(layers).flatMap(([word, one]) =>
    typeof one === 'function' && 'makes' in one ? [[word, one.makes] as const] : [],
  ),
);

const flag = fc.boolean();
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const number = fc.double({ min: -2, max: 2, noNaN: true });
const seed = fc.option(fc.nat({ max: 99 }), { nil: undefined });
const size = fc.integer({ min: 1, max: 2 });
const pair = fc.oneof(size, fc.tuple(size, size));
const padding = fc.constantFrom('valid', 'same', [1, 0, 1, 1]);
const activation = fc.constantFrom('linear', 'relu', 'sigmoid', 'softmax', 'tanh');
const seeded = <T extends object>(options: T) => fc.record({ ...options, seed }).map((one) => given(one) as never);
const initializer = fc.oneof(
  fc.constantFrom('zeros', 'ones', 'heUniform', 'lecunUniform', 'randomNormal', 'randomUniform'),
  number.map((value) => initializers.constant({ value })),
  seeded({}).map((one) => initializers.glorotUniform(one)),
  seeded({}).map((one) => initializers.heUniform(one)),
  seeded({}).map((one) => initializers.lecunUniform(one)),
  seeded({ mean: number, stddev: unit }).map((one) => initializers.randomNormal(one)),
  seeded({ minval: number.map((x) => x - 4), maxval: number }).map((one) => initializers.randomUniform(one)),
);
const range = fc.oneof(
  unit,
  fc.tuple(unit, unit).map(([a, b]) => [-0.9 * a, b]),
);
const reading = {
  fillMode: fc.constantFrom('constant', 'reflect', 'wrap', 'nearest'),
  interpolation: fc.constantFrom('bilinear', 'nearest'),
  fillValue: number,
  seed,
};
const window = { kernelSize: pair, strides: pair, padding, dilationRate: pair, activation, useBias: flag };
const pooling = { poolSize: fc.constantFrom(2, [2, 3]), strides: pair, padding: fc.constantFrom('valid', 'same') };

function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** The options of each layer, without name and trainable, which all of them have. */
export const drawn: Readonly<Record<string, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  activation: { activation },
  add: {},
  averagePooling2d: pooling,
  batchNormalization: {
    ...{
      momentum: unit,
      epsilon: unit,
      movingVariance: fc.constantFrom('biased', 'unbiased'),
      center: flag,
      scale: flag,
    },
    ...{ betaInitializer: initializer, gammaInitializer: initializer },
    ...{ movingMeanInitializer: initializer, movingVarianceInitializer: initializer },
  },
  conv2d: {
    ...{ filters: fc.constantFrom(2, 4), groups: size, ...window },
    ...{ kernelInitializer: initializer, biasInitializer: initializer },
  },
  dense: {
    ...{ units: size, activation, useBias: flag },
    ...{ kernelInitializer: initializer, biasInitializer: initializer },
  },
  dropout: { rate: unit.map((x) => x * 0.9), seed },
  flatten: {},
  globalAveragePooling2d: {},
  maxPooling2d: pooling,
  randomFlip: { mode: fc.constantFrom('horizontal', 'vertical', 'horizontal_and_vertical'), seed },
  randomRotation: { factor: range, ...reading },
  randomZoom: { heightFactor: range, widthFactor: fc.option(range, { nil: undefined }), ...reading },
  rescaling: { scale: number, offset: number },
  separableConv2d: {
    ...{ filters: size, depthMultiplier: size, ...window },
    ...{ depthwiseInitializer: initializer, pointwiseInitializer: initializer, biasInitializer: initializer },
  },
};

/** Layers of one kind, as functions that make one: a layer belongs to one model. */
export const layersOf = (word: string): fc.Arbitrary<() => layers.Layer> =>
  fc
    .record({ ...drawn[word], trainable: flag, name: fc.constantFrom('mine', undefined) })
    .map((options) => () => (layers[word as 'dense'] as (options: object) => layers.Layer)(given(options)));
