/** LeNet-5 of LeCun et al. (1998) as it is built today, and as Alahmari et al. (2020) train it. */
import { wordOption } from '../errors/index.js';
import {
  type ActivationName,
  averagePooling2d,
  conv2d,
  dense,
  flatten,
  type InitializerOption,
  maxPooling2d,
} from '../layers/index.js';
import { defineModel, type Model } from '../models/index.js';
import { modelOf, type NetworkOptions, pictureBuild, planOf } from './options.js';

const poolings = ['average', 'max'] as const;

/** What `lenet5` takes. */
export interface Lenet5Options extends NetworkOptions {
  /** Behind every layer but the last; the paper of 2020 does not say which. Default 'tanh', that of 1998. */
  activation?: ActivationName;
  /** The paper of 2020 does not say which. Default 'average', that of 1998 without its coefficients. */
  pooling?: (typeof poolings)[number];
  /** First values of all kernels. Default 'glorotUniform'. */
  kernelInitializer?: InitializerOption;
}

const name = 'lenet5';
const own = ['activation', 'pooling', 'kernelInitializer'];
const defaults = { imageSize: 28, channels: 1, classes: 10, minimumSize: 12 };

/**
 * LeNet-5: 61,706 parameters for pictures [28, 28, 1] and 10 classes. The first convolution is padded, as one of pictures of 32 would be
 * without. Sides are 12 or more. Throws ArgumentError for an unknown or bad option.
 * Example: `networks.lenet5({ activation: 'relu', pooling: 'max' })`.
 */
export function lenet5(options: Lenet5Options = {}): Model {
  const plan = planOf(name, defaults, options, own);
  const { activation = 'tanh', pooling = 'average', kernelInitializer = 'glorotUniform' } = options;
  const pool = wordOption(name, 'pooling', pooling, poolings) === 'max' ? maxPooling2d : averagePooling2d;
  const common = { activation, kernelInitializer };
  let { x } = plan;
  for (const [count, padding] of [
    [6, 'same'],
    [16, 'valid'],
  ] as const) {
    x = conv2d({ filters: plan.filters(count), kernelSize: 5, padding, ...common }).apply(x);
    x = pool({ poolSize: 2 }).apply(x);
  }
  x = flatten().apply(x);
  for (const units of [120, 84]) x = dense({ units: plan.filters(units), ...common }).apply(x);
  const head = dense({ units: plan.classes, activation: plan.activation, kernelInitializer });
  return modelOf(name, plan, head.apply(x));
}

/** The network in the table. */
export const lenet5Definition = defineModel({
  name,
  build: pictureBuild({ name, network: lenet5, preprocessing: 'unit', own }),
  optimizer: 'adam:learningRate=1e-3,epsilon=1e-7',
});
