/**
 * The mini Xception of Leventi-Peetz and Oestreich (2022), Listing 6, setting for setting, and the network they had to turn
 * it into to make it deterministic on a GPU: Conv2D for SeparableConv2D, and no residual sum.
 */
import { checkOptions, flagOption, integerOption } from '../errors/index.js';
import {
  activation,
  add,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  globalAveragePooling2d,
  initializers,
  input,
  maxPooling2d,
  rescaling,
  type Symbolic,
  separableConv2d,
} from '../layers/index.js';
import { dataAugmentation } from './data_augmentation.js';
import { type Model, model } from './model.js';

export interface MiniXceptionOptions {
  /** Side of the square pictures, at least 5. Default 180. */
  imageSize?: number;
  /** Default 2, which makes one output; more make an output each. */
  classes?: number;
  /** Whether training begins with random flips, rotations and zooms. Default true. */
  augmentation?: boolean;
}

/** The smallest picture that the first convolution can read. */
export const miniXceptionSize = 5;

const glorot = (seed: number) => initializers.glorotUniform({ seed });
/** As the TensorFlow 2 of the paper keeps its moving statistics (docs/paper.md, Forms). */
const normalized = () => batchNormalization({ movingVariance: 'unbiased' });
const common = { padding: 'same', useBias: false } as const;

/** Batch normalisation, relu, and a separable convolution of size 3. */
function separable(x: Symbolic, filters: number): Symbolic {
  const seeds = { depthwiseInitializer: glorot(1), pointwiseInitializer: glorot(2) };
  const y = activation({ activation: 'relu' }).apply(normalized().apply(x));
  return separableConv2d({ filters, kernelSize: 3, ...common, ...seeds }).apply(y);
}

/** The same with a full convolution. */
function full(x: Symbolic, filters: number): Symbolic {
  const y = activation({ activation: 'relu' }).apply(normalized().apply(x));
  return conv2d({ filters, kernelSize: 3, ...common, kernelInitializer: glorot(1) }).apply(y);
}

function residualBlock(x: Symbolic, filters: number): Symbolic {
  const y = separable(separable(x, filters), filters);
  const pooled = maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }).apply(y);
  const projection = conv2d({ filters, kernelSize: 1, strides: 2, ...common, kernelInitializer: glorot(1) });
  return add().apply([pooled, projection.apply(x)]);
}

function plainBlock(x: Symbolic, filters: number): Symbolic {
  const y = full(full(x, filters), filters);
  return maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }).apply(y);
}

type Block = typeof residualBlock;

function network(name: string, block: Block, options: MiniXceptionOptions): Model {
  checkOptions(name, options, ['imageSize', 'classes', 'augmentation']);
  const { imageSize = 180, classes = 2, augmentation = true } = options;
  integerOption(name, 'imageSize', imageSize, miniXceptionSize);
  integerOption(name, 'classes', classes, 2);
  const inputs = input({ shape: [imageSize, imageSize, 3] });
  let x = flagOption(name, 'augmentation', augmentation) ? dataAugmentation().apply(inputs) : inputs;
  x = rescaling({ scale: 1 / 255 }).apply(x);
  x = conv2d({ filters: 32, kernelSize: 5, useBias: false, kernelInitializer: glorot(1) }).apply(x);
  for (const filters of [32, 64, 128, 256, 512]) x = block(x, filters);
  x = globalAveragePooling2d().apply(x);
  x = dropout({ rate: 0.5, seed: 7001 }).apply(x);
  const head = classes === 2 ? ({ units: 1, activation: 'sigmoid' } as const) : undefined;
  const outputs = dense(head ?? { units: classes, activation: 'softmax' }).apply(x);
  return model({ inputs, outputs, name });
}

/** mini Xception: 718,849 trainable and 3,008 other parameters. Throws ArgumentError for a picture that is too small. */
export function miniXception(options: MiniXceptionOptions = {}): Model {
  return network('mini_xception', residualBlock, options);
}

/** The changed network, without separable convolutions and residual sums. Throws ArgumentError for too small a picture. */
export function miniXceptionConv(options: MiniXceptionOptions = {}): Model {
  return network('mini_xception_conv', plainBlock, options);
}
