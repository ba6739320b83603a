// Every layer with all of its options, drawn at random, for round trips through configs.

import fc from 'fast-check';
import { layers } from '../../../lib/index.js';

const { constraints, initializers, regularizers } = layers;

/** The layers of the index by their words, with the options that a config keeps. */
export const makers = new Map(
  Object.entries(layers).flatMap(([word, one]) =>
    typeof one === 'function' && 'makes' in one ? [[word, one.makes] as const] : [],
  ),
);

const flag = fc.boolean();
const unit = fc.double({ min: 0, max: 1, noNaN: true });
// JSON has no -0.
const number = fc.double({ min: -2, max: 2, noNaN: true }).map((x) => x + 0);
const seed = fc.option(fc.nat({ max: 99 }), { nil: undefined });
const size = fc.integer({ min: 1, max: 2 });
const pair = fc.oneof(size, fc.tuple(size, size));
const sides = fc.integer({ min: 1, max: 8 });
const padding = fc.constantFrom('valid', 'same', [1, 0, 1, 1]);
const activation = fc.constantFrom(
  'linear',
  'relu',
  'sigmoid',
  'softmax',
  'tanh',
  'elu',
  'hard_silu',
  'leaky_relu',
  'silu',
);
const seeded = <T extends object>(options: T) => fc.record({ ...options, seed }).map((one) => given(one) as never);
const initializer = fc.oneof(
  fc.constantFrom('zeros', 'ones', 'heUniform', 'lecunUniform', 'randomNormal', 'randomUniform', 'glorotNormal'),
  number.map((value) => initializers.constant({ value })),
  seeded({}).map((one) => initializers.glorotUniform(one)),
  seeded({}).map((one) => initializers.heUniform(one)),
  seeded({ mode: fc.constantFrom('fan_in', 'fan_avg') }).map((one) => initializers.varianceScaling(one)),
  seeded({ mean: number, stddev: unit }).map((one) => initializers.truncatedNormal(one)),
  seeded({}).map((one) => initializers.lecunUniform(one)),
  seeded({ mean: number, stddev: unit }).map((one) => initializers.randomNormal(one)),
  seeded({ minval: number.map((x) => x - 4), maxval: number }).map((one) => initializers.randomUniform(one)),
);
const regularizer = fc.oneof(
  fc.constantFrom(undefined, null, 'l1', 'l2'),
  unit.map((l1) => regularizers.l1({ l1 })),
  unit.map((l2) => regularizers.l2({ l2 })),
  fc.tuple(unit, unit).map(([l1, l2]) => regularizers.l1l2({ l1, l2 })),
);
const constraint = fc.oneof(
  fc.constantFrom(undefined, null, 'nonNeg', 'unitNorm'),
  unit.map((maxValue) => constraints.maxNorm({ maxValue, axis: -1 })),
  fc.constant(constraints.unitNorm({ axis: [0] })),
);
const rules = (...weights: readonly string[]) =>
  Object.fromEntries(
    weights.flatMap((weight) => [
      [`${weight}Regularizer`, regularizer],
      [`${weight}Constraint`, constraint],
    ]),
  );
const norm = {
  ...{ epsilon: unit, center: flag, scale: flag, betaInitializer: initializer, gammaInitializer: initializer },
  ...rules('beta', 'gamma'),
};
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
const pooling = {
  poolSize: fc.constantFrom(2, [2, 3]),
  strides: pair,
  padding: fc.constantFrom('valid', 'same'),
  ceilMode: flag,
};

function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** The options of each layer, without name and trainable, which all of them have. */
export const drawn: Readonly<Record<string, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  activation: { activation },
  add: {},
  average: {},
  averagePooling2d: { ...pooling, countPadding: flag },
  batchNormalization: {
    ...{
      momentum: unit,
      epsilon: unit,
      movingVariance: fc.constantFrom('biased', 'unbiased'),
      center: flag,
      scale: flag,
    },
    ...{ betaInitializer: initializer, gammaInitializer: initializer, ...rules('beta', 'gamma') },
    ...{ movingMeanInitializer: initializer, movingVarianceInitializer: initializer },
    axis: fc.constant(-1),
  },
  centerCrop: { height: sides, width: sides },
  concatenate: { axis: fc.constantFrom(-1, 1, -2) },
  conv2d: {
    ...{ filters: fc.constantFrom(2, 4), groups: size, ...window },
    ...{
      kernelInitializer: initializer,
      biasInitializer: initializer,
      ...rules('kernel', 'bias'),
      activityRegularizer: regularizer,
    },
  },
  conv2dTranspose: {
    ...{ filters: size, ...window, padding: fc.constantFrom('valid', 'same') },
    ...{ outputPadding: fc.constantFrom(undefined, null) },
    ...{
      kernelInitializer: initializer,
      biasInitializer: initializer,
      ...rules('kernel', 'bias'),
      activityRegularizer: regularizer,
    },
  },
  cropping2d: {
    cropping: fc.constantFrom(
      1,
      [0, 1],
      [
        [1, 0],
        [2, 1],
      ],
    ),
  },
  dense: {
    ...{ units: size, activation, useBias: flag },
    ...{
      kernelInitializer: initializer,
      biasInitializer: initializer,
      ...rules('kernel', 'bias'),
      activityRegularizer: regularizer,
    },
  },
  depthwiseConv2d: {
    ...{ depthMultiplier: size, ...window },
    ...{
      depthwiseInitializer: initializer,
      biasInitializer: initializer,
      ...rules('depthwise', 'bias'),
      activityRegularizer: regularizer,
    },
  },
  dropout: { rate: unit.map((x) => x * 0.9), seed },
  elu: { alpha: unit },
  flatten: {},
  gaussianDropout: { rate: unit.map((x) => x * 0.9), seed },
  gaussianNoise: { stddev: unit, seed },
  globalAveragePooling2d: { keepdims: flag },
  globalMaxPooling2d: { keepdims: flag },
  groupNormalization: { groups: fc.constantFrom(1, -1), ...norm },
  layerNormalization: { axis: fc.constantFrom(-1, [-1], [-2, -1]), ...norm },
  leakyReLU: { negativeSlope: unit },
  maxPooling2d: { ...pooling, dilationRate: fc.constantFrom(1, [1, 2]) },
  maximum: {},
  minimum: {},
  multiply: {},
  normalization: {
    axis: fc.constantFrom(-1, [1, 3], null, undefined),
    ...{ mean: number, variance: unit, invert: flag },
  },
  permute: { dims: fc.constantFrom([3, 1, 2], [1, 2, 3]) },
  prelu: {
    ...{ alphaInitializer: initializer, sharedAxes: fc.constantFrom(undefined, null, [1, 2], [3]) },
    ...rules('alpha'),
  },
  randomContrast: { factor: unit, valueRange: fc.constantFrom([0, 1], [-1, 255]), seed },
  randomCrop: { height: sides, width: sides, seed },
  randomFlip: { mode: fc.constantFrom('horizontal', 'vertical', 'horizontal_and_vertical'), seed },
  randomRotation: { factor: range, ...reading },
  randomTranslation: { heightFactor: range, widthFactor: range, ...reading },
  randomZoom: { heightFactor: range, widthFactor: fc.option(range, { nil: undefined }), ...reading },
  reLU: { maxValue: fc.constantFrom(undefined, null, 2.5), negativeSlope: unit, threshold: unit },
  rescaling: { scale: number, offset: number },
  reshape: { targetShape: fc.constantFrom([5, 12], [-1, 3], [6, -1, 2]) },
  resizing: { height: sides, width: sides, interpolation: fc.constantFrom('nearest', 'bilinear') },
  separableConv2d: {
    ...{ filters: size, depthMultiplier: size, ...window },
    ...{ depthwiseInitializer: initializer, pointwiseInitializer: initializer, biasInitializer: initializer },
    ...rules('depthwise', 'pointwise', 'bias'),
    activityRegularizer: regularizer,
  },
  softmax: {},
  spatialDropout2d: { rate: unit.map((x) => x * 0.9), seed },
  subtract: {},
  unitNormalization: { axis: fc.constantFrom(-1, 1, [1, 2]) },
  upSampling2d: { size: pair, interpolation: fc.constantFrom('nearest', 'bilinear') },
  zeroPadding2d: {
    padding: fc.constantFrom(
      1,
      [0, 2],
      [
        [1, 0],
        [2, 1],
      ],
    ),
  },
};

/** Layers that take two inputs. */
export const joining: ReadonlySet<string> = new Set([
  'add',
  'average',
  'concatenate',
  'maximum',
  'minimum',
  'multiply',
  'subtract',
]);

/** Layers of one kind, as functions that make one: a layer belongs to one model. */
export const layersOf = (word: string): fc.Arbitrary<() => layers.Layer> =>
  fc
    .record({ ...drawn[word], trainable: flag, name: fc.constantFrom('mine', undefined) })
    .map((options) => () => (layers[word as 'dense'] as (options: object) => layers.Layer)(given(options)));
