// Two tiny networks with random weights, and what a float64 implementation makes of the same weights: the maps of the
// convolution to explain, and the logits behind it.

import { layers, type Model, model, type Runtime, sequential } from '../../lib/index.js';
import type { Values } from '../cases/case.js';
import { conv2d } from '../reference/conv2d.js';
import { dense } from '../reference/dense.js';
import { maxPool2d } from '../reference/pool2d.js';
import { conv2dGeometry, type WindowOptions, windowGeometry } from '../support/geometry.js';
import { uniforms } from '../support/inputs.js';

const kSeed = 81;

/** A network, the name of the layer it is explained by, and its float64 double. */
export interface Judged {
  model: Model;
  layer: string;
  maps: (x: Values) => Values;
  logits: (x: Values) => (maps: Values) => Float64Array;
}

/** Values of a picture `[h, w, 3]` between -1 and 1. */
export const pictureOf = (model: Model, stream = 900): Float32Array => {
  const size = model.sampleShapes.x.reduce((a, b) => a * b, 1);
  return uniforms(kSeed, stream, size).map((u) => (u - 0.5) * 2);
};

export const asValues = (model: Model, picture: Float32Array): Values => ({
  shape: [1, ...model.sampleShapes.x],
  data: Float64Array.from(picture),
});

/** Compiles a model and gives every weight, biases too, values of its own in [-0.7, 0.7). */
function withWeights(runtime: Runtime, made: Model): Map<string, Values> {
  made.compile({ runtime, loss: 'binaryCrossentropy' });
  return new Map(
    made.namedWeights().map(({ name, weight }, i) => {
      const values = uniforms(kSeed, i, weight.tensor.size).map((u) => (u - 0.5) * 1.4);
      weight.tensor.write(values);
      return [name, { shape: weight.shape, data: Float64Array.from(values) }];
    }),
  );
}

/** A convolution in float64; `depthwise` convolves every channel by itself. */
function convolved(
  x: Values,
  weight: Values,
  bias?: Values,
  options: WindowOptions & { depthwise?: true } = {},
): Values {
  const { depthwise, ...window } = options;
  const [kh, kw, ci, m] = weight.shape as [number, number, number, number];
  const seen = depthwise ? { shape: [kh, kw, 1, ci * m], data: weight.data } : weight;
  const groups = depthwise ? ci : 1;
  return conv2d(conv2dGeometry(x.shape, seen.shape, { ...window, groups }), x, seen, bias);
}

const rectified = ({ shape, data }: Values): Values => ({ shape, data: data.map((value) => Math.max(value, 0)) });

const flat = ({ data }: Values): Values => ({ shape: [1, data.length], data });

const pooled = (x: Values): Values =>
  maxPool2d({ ...windowGeometry(x.shape, [2, 2], { strides: [2, 2] }), c: x.shape[3]! }, x);

/** Two convolutions with pooling between and behind, the first in a nested model, and a head. */
export function plainNetwork(runtime: Runtime, units: number): Judged {
  const block = sequential(
    [layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }), layers.maxPooling2d({ poolSize: 2 })],
    { name: 'block' },
  );
  const made = sequential([
    layers.input({ shape: [15, 13, 3] }),
    block,
    // No relu: among its zeros a maximum has no slope that differences could find.
    layers.conv2d({ filters: 5, kernelSize: 2 }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dropout({ rate: 0.5 }),
    layers.dense({ units, activation: units === 1 ? 'sigmoid' : 'softmax' }),
  ]);
  const weights = withWeights(runtime, made);
  const at = (name: string) => weights.get(name)!;
  return {
    model: made,
    layer: 'conv2d',
    maps: (x) => {
      const before = pooled(rectified(convolved(x, at('block/conv2d/kernel'), at('block/conv2d/bias'))));
      return convolved(before, at('conv2d/kernel'), at('conv2d/bias'));
    },
    logits: () => (maps) => dense(flat(pooled(maps)), at('dense/kernel'), at('dense/bias')).data,
  };
}

/** A residual block: a tanh and a separable convolution, and beside them a shortcut that is one layer shorter. */
export function residualNetwork(runtime: Runtime, units: number): Judged {
  const inputs = layers.input({ shape: [9, 10, 3] });
  const stem = layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }).apply(inputs);
  const bent = layers.activation({ activation: 'tanh' }).apply(stem);
  const separable = layers.separableConv2d({ filters: 6, kernelSize: 3, padding: 'same' }).apply(bent);
  const shortcut = layers.conv2d({ filters: 6, kernelSize: 1 }).apply(stem);
  const sum = layers.activation({ activation: 'relu' }).apply(layers.add().apply([separable, shortcut]));
  const scores = layers.dense({ units }).apply(layers.globalAveragePooling2d().apply(sum));
  const outputs = layers.activation({ activation: units === 1 ? 'sigmoid' : 'softmax' }).apply(scores);
  const made = model({ inputs, outputs });
  const weights = withWeights(runtime, made);
  const at = (name: string) => weights.get(name)!;
  const stemOf = (x: Values) => rectified(convolved(x, at('conv2d/kernel'), at('conv2d/bias')));
  return {
    model: made,
    layer: 'separable_conv2d',
    maps: (x) => {
      const kernel = at('separable_conv2d/depthwise_kernel');
      const stemmed = stemOf(x);
      const bentMaps = { shape: stemmed.shape, data: stemmed.data.map(Math.tanh) };
      const channels = convolved(bentMaps, kernel, undefined, { padding: 'same', depthwise: true });
      return convolved(channels, at('separable_conv2d/pointwise_kernel'), at('separable_conv2d/bias'));
    },
    logits: (x) => {
      const beside = convolved(stemOf(x), at('conv2d_1/kernel'), at('conv2d_1/bias'));
      return (maps) => {
        const total = rectified({ shape: maps.shape, data: maps.data.map((value, i) => value + beside.data[i]!) });
        const averages = new Float64Array(6);
        total.data.forEach((value, i) => {
          averages[i % 6]! += value / (total.data.length / 6);
        });
        return dense({ shape: [1, 6], data: averages }, at('dense/kernel'), at('dense/bias')).data;
      };
    },
  };
}
