/** MobileNetV2 of Sandler et al. (2018), with the layers, names and weights of Keras's; `width` is its alpha. */
import {
  add,
  batchNormalization,
  conv2d,
  dense,
  depthwiseConv2d,
  globalAveragePooling2d,
  reLU,
  type Symbolic,
  zeroPadding2d,
} from '../layers/index.js';
import { defineModel, type Model } from '../models/index.js';
import { modelOf, type NetworkOptions, pictureBuild, planOf } from './options.js';

const name = 'mobilenet_v2';
const defaults = { imageSize: 224, channels: 3, classes: 1000, minimumSize: 32 };

/** Blocks of one kind, one behind the other: filters, how many, strides of the first. */
const groups = [
  [16, 1, 1],
  [24, 2, 2],
  [32, 3, 2],
  [64, 4, 2],
  [96, 3, 1],
  [160, 3, 2],
  [320, 1, 1],
] as const;
/** How many times as many channels a block has inside. */
const expansion = 6;

/** The multiple of 8 next to a number of filters, at least 8, and not less than nine tenths of it. */
function multipleOf8(count: number): number {
  const near = Math.max(8, Math.floor((count + 4) / 8) * 8);
  return near < 0.9 * count ? near + 8 : near;
}

const normalized = (x: Symbolic, name: string) => batchNormalization({ momentum: 0.999, name }).apply(x);
const relu6 = (x: Symbolic, name: string) => reLU({ maxValue: 6, name }).apply(x);

/** The zeros that make every second place of a side those of TensorFlow's `same`. */
const before = (side: number) => [side % 2 === 0 ? 0 : 1, 1] as const;

/** More channels, a depthwise convolution, fewer channels; and what came in, where it has the same form. */
function block(x: Symbolic, i: number, filters: number, strides: 1 | 2): Symbolic {
  const prefix = i === 0 ? 'expanded_conv' : `block_${i}`;
  const point = { kernelSize: 1, padding: 'same', useBias: false } as const;
  const [height, width, channels] = x.shape as [number, number, number];
  let y = x;
  if (i > 0) {
    const wider = conv2d({ filters: expansion * channels, ...point, name: `${prefix}_expand` });
    y = relu6(normalized(wider.apply(y), `${prefix}_expand_BN`), `${prefix}_expand_relu`);
  }
  if (strides === 2) {
    y = zeroPadding2d({ padding: [before(height), before(width)], name: `${prefix}_pad` }).apply(y);
  }
  const common = { useBias: false, padding: strides === 1 ? 'same' : 'valid' } as const;
  y = depthwiseConv2d({ kernelSize: 3, strides, ...common, name: `${prefix}_depthwise` }).apply(y);
  y = relu6(normalized(y, `${prefix}_depthwise_BN`), `${prefix}_depthwise_relu`);
  y = normalized(conv2d({ filters, ...point, name: `${prefix}_project` }).apply(y), `${prefix}_project_BN`);
  return channels === filters && strides === 1 ? add({ name: `${prefix}_add` }).apply([x, y]) : y;
}

/**
 * MobileNetV2: 3,504,872 trainable and 34,112 other parameters at 1000 classes. Pictures have sides of 32 or more; Keras's
 * preprocessing is 'tf'. A width above 1 widens the last convolution too, one below does not. Throws ArgumentError for an unknown or bad
 * option. Example: `networks.mobilenetV2({ width: 0.5, classes: 2 })`.
 */
export function mobilenetV2(options: NetworkOptions = {}): Model {
  const plan = planOf(name, defaults, options);
  const filters = multipleOf8(32 * plan.width);
  const first = conv2d({ filters, kernelSize: 3, strides: 2, padding: 'same', useBias: false, name: 'Conv1' });
  let x = relu6(normalized(first.apply(plan.x), 'bn_Conv1'), 'Conv1_relu');
  let i = 0;
  for (const [count, times, strides] of groups) {
    const own = multipleOf8(Math.floor(count * plan.width));
    for (let k = 0; k < times; k++) x = block(x, i++, own, k === 0 ? strides : 1);
  }
  const most = plan.width > 1 ? multipleOf8(1280 * plan.width) : 1280;
  x = conv2d({ filters: most, kernelSize: 1, useBias: false, name: 'Conv_1' }).apply(x);
  x = globalAveragePooling2d().apply(relu6(normalized(x, 'Conv_1_bn'), 'out_relu'));
  const head = dense({ units: plan.classes, activation: plan.activation, name: 'predictions' });
  return modelOf(name, plan, head.apply(x));
}

/** The network in the table. */
export const mobilenetV2Definition = defineModel({
  name,
  build: pictureBuild({ name, network: mobilenetV2, preprocessing: 'tf' }),
});
