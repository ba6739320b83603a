/** Xception of Chollet (2017), with the layers, names and weights of Keras's. */
import {
  activation,
  add,
  batchNormalization,
  conv2d,
  dense,
  globalAveragePooling2d,
  maxPooling2d,
  type Symbolic,
  separableConv2d,
} from '../layers/index.js';
import { defineModel, type Model } from '../models/index.js';
import { modelOf, type NetworkOptions, pictureBuild, planOf } from './options.js';

const name = 'xception';
const defaults = { imageSize: 299, channels: 3, classes: 1000, minimumSize: 71 };

const relu = (x: Symbolic, name: string) => activation({ activation: 'relu', name }).apply(x);
const normalized = (x: Symbolic, name: string) => batchNormalization({ name }).apply(x);

/** A separable convolution and its batch normalization. */
function separable(x: Symbolic, filters: number, name: string): Symbolic {
  const layer = separableConv2d({ filters, kernelSize: 3, padding: 'same', useBias: false, name });
  return normalized(layer.apply(x), `${name}_bn`);
}

/** Every second place, by a convolution of single places: what goes past a block with half the rows and columns. */
function past(x: Symbolic, filters: number): Symbolic {
  const y = conv2d({ filters, kernelSize: 1, strides: 2, padding: 'same', useBias: false }).apply(x);
  return batchNormalization().apply(y);
}

/** Two separable convolutions, half the rows and columns, and what goes past them. The first block begins without relu. */
function halving(x: Symbolic, block: string, filters: readonly [number, number]): Symbolic {
  const residual = past(x, filters[1]);
  let y = block === 'block2' ? x : relu(x, `${block}_sepconv1_act`);
  y = relu(separable(y, filters[0], `${block}_sepconv1`), `${block}_sepconv2_act`);
  y = separable(y, filters[1], `${block}_sepconv2`);
  y = maxPooling2d({ poolSize: 3, strides: 2, padding: 'same', name: `${block}_pool` }).apply(y);
  return add().apply([y, residual]);
}

/** Three separable convolutions and a sum. */
function middle(x: Symbolic, block: string, filters: number): Symbolic {
  let y = x;
  for (const i of [1, 2, 3]) y = separable(relu(y, `${block}_sepconv${i}_act`), filters, `${block}_sepconv${i}`);
  return add().apply([y, x]);
}

/**
 * Xception: 22,855,952 trainable and 54,528 other parameters at 1000 classes. Pictures have sides of 71 or more; Keras's preprocessing
 * is 'tf'. Throws ArgumentError for an unknown or bad option. Example: `networks.xception({ classes: 2 })`.
 */
export function xception(options: NetworkOptions = {}): Model {
  const plan = planOf(name, defaults, options);
  const { filters } = plan;
  let { x } = plan;
  for (const [i, count, strides] of [
    [1, 32, 2],
    [2, 64, 1],
  ] as const) {
    const block = `block1_conv${i}`;
    x = conv2d({ filters: filters(count), kernelSize: 3, strides, useBias: false, name: block }).apply(x);
    x = relu(normalized(x, `${block}_bn`), `${block}_act`);
  }
  for (const [i, count] of [128, 256, 728].entries()) {
    x = halving(x, `block${2 + i}`, [filters(count), filters(count)]);
  }
  for (let i = 5; i <= 12; i++) x = middle(x, `block${i}`, filters(728));
  x = halving(x, 'block13', [filters(728), filters(1024)]);
  for (const [i, count] of [1536, 2048].entries()) {
    const block = `block14_sepconv${i + 1}`;
    x = relu(separable(x, filters(count), block), `${block}_act`);
  }
  x = globalAveragePooling2d({ name: 'avg_pool' }).apply(x);
  const head = dense({ units: plan.classes, activation: plan.activation, name: 'predictions' });
  return modelOf(name, plan, head.apply(x));
}

/** The network in the table. */
export const xceptionDefinition = defineModel({
  name,
  build: pictureBuild({ name, network: xception, preprocessing: 'tf' }),
  optimizer: 'sgd:learningRate=0.045,momentum=0.9',
});
