/**
 * The mini Xception of Leventi-Peetz and Oestreich (2022), Listing 6, setting for setting, and the network they had to turn
 * it into to make it deterministic on a GPU: Conv2D for SeparableConv2D, and no residual sum.
 */
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
import { defineModel, type Model, model } from '../models/index.js';
import { dataAugmentation } from './data_augmentation.js';
import { type PaperNetworkOptions, paperNetwork, paperOptimizer, paperOptions } from './paper_network.js';

/** What `miniXception` takes. */
export type MiniXceptionOptions = PaperNetworkOptions;

/** The smallest picture that the first convolution can read. */
const minimumSize = 5;

const glorot = (seed: number) => initializers.glorotUniform({ seed });
/** As the TensorFlow 2 of the paper keeps its moving statistics (docs/papers/leventi-peetz-oestreich-2022.md, Forms). */
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
  const { shape, head, augmentation } = paperOptions(name, minimumSize, options);
  const inputs = input({ shape });
  let x = augmentation ? dataAugmentation().apply(inputs) : inputs;
  x = rescaling({ scale: 1 / 255 }).apply(x);
  x = conv2d({ filters: 32, kernelSize: 5, useBias: false, kernelInitializer: glorot(1) }).apply(x);
  for (const filters of [32, 64, 128, 256, 512]) x = block(x, filters);
  x = globalAveragePooling2d().apply(x);
  x = dropout({ rate: 0.5, seed: 7001 }).apply(x);
  return model({ inputs, outputs: dense(head).apply(x), name });
}

/** mini Xception: 718,849 trainable and 3,008 other parameters. Throws ArgumentError for a picture that is too small. */
export function miniXception(options: MiniXceptionOptions = {}): Model {
  return network('mini_xception', residualBlock, options);
}

/** The changed network, without separable convolutions and residual sums. Throws ArgumentError for too small a picture. */
export function miniXceptionConv(options: MiniXceptionOptions = {}): Model {
  return network('mini_xception_conv', plainBlock, options);
}

/** The networks in the table. */
export const miniXceptionDefinition = defineModel({
  name: 'mini_xception',
  build: paperNetwork('mini_xception', miniXception),
  optimizer: paperOptimizer,
});
export const miniXceptionConvDefinition = defineModel({
  name: 'mini_xception_conv',
  build: paperNetwork('mini_xception_conv', miniXceptionConv),
  optimizer: paperOptimizer,
});
