/** MobileNet of Howard et al. (2017), with the layers, names and weights of Keras's; `width` is its alpha. */
import {
  activation,
  batchNormalization,
  conv2d,
  depthwiseConv2d,
  dropout,
  globalAveragePooling2d,
  reLU,
  reshape,
  type Symbolic,
  zeroPadding2d,
} from '../layers/index.js';
import { defineModel, type Model } from '../models/index.js';
import { modelOf, type NetworkOptions, pictureBuild, planOf } from './options.js';

/** What `mobilenet` takes. */
export interface MobilenetOptions extends NetworkOptions {
  /** Share of values to drop before the last layer, in [0, 1). Default 0.001. */
  dropout?: number;
}

const name = 'mobilenet';
const defaults = { imageSize: 224, channels: 3, classes: 1000, minimumSize: 32 };

/** Filters and strides of each block behind the first convolution. */
const blocks = [
  ...[[64, 1] as const, [128, 2] as const, [128, 1] as const, [256, 2] as const, [256, 1] as const],
  ...[[512, 2] as const, [512, 1] as const, [512, 1] as const, [512, 1] as const, [512, 1] as const, [512, 1] as const],
  ...[[1024, 2] as const, [1024, 1] as const],
];

/** Batch normalization and relu up to 6. */
const ended = (x: Symbolic, name: string) =>
  reLU({ maxValue: 6, name: `${name}_relu` }).apply(batchNormalization({ name: `${name}_bn` }).apply(x));

/** A depthwise convolution of size 3 and a convolution of single places. */
function block(x: Symbolic, i: number, filters: number, strides: 1 | 2): Symbolic {
  const borders = [
    [0, 1],
    [0, 1],
  ] as const;
  const padded = strides === 1 ? x : zeroPadding2d({ padding: borders, name: `conv_pad_${i}` }).apply(x);
  const common = { useBias: false, padding: strides === 1 ? 'same' : 'valid' } as const;
  const y = depthwiseConv2d({ kernelSize: 3, strides, ...common, name: `conv_dw_${i}` }).apply(padded);
  const point = conv2d({ filters, kernelSize: 1, padding: 'same', useBias: false, name: `conv_pw_${i}` });
  return ended(point.apply(ended(y, `conv_dw_${i}`)), `conv_pw_${i}`);
}

/**
 * MobileNet: 4,231,976 trainable and 21,888 other parameters at 1000 classes. Pictures have sides of 32 or more; Keras's preprocessing
 * is 'tf'. Throws ArgumentError for an unknown or bad option. Example: `networks.mobilenet({ width: 0.5, classes: 2 })`.
 */
export function mobilenet(options: MobilenetOptions = {}): Model {
  const plan = planOf(name, defaults, options, ['dropout']);
  const { filters } = plan;
  const first = { kernelSize: 3, strides: 2, padding: 'same', useBias: false, name: 'conv1' } as const;
  let x = ended(conv2d({ filters: filters(32), ...first }).apply(plan.x), 'conv1');
  for (const [i, [count, strides]] of blocks.entries()) x = block(x, i + 1, filters(count), strides);
  x = globalAveragePooling2d({ keepdims: true }).apply(x);
  x = dropout({ rate: options.dropout ?? 1e-3, name: 'dropout' }).apply(x);
  x = conv2d({ filters: plan.classes, kernelSize: 1, padding: 'same', name: 'conv_preds' }).apply(x);
  x = reshape({ targetShape: [plan.classes], name: 'reshape_2' }).apply(x);
  return modelOf(name, plan, activation({ activation: plan.activation, name: 'predictions' }).apply(x));
}

/** The network in the table. */
export const mobilenetDefinition = defineModel({
  name,
  build: pictureBuild({ name, network: mobilenet, preprocessing: 'tf', own: ['dropout'] }),
});
