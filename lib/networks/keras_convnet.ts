/** The deterministic ConvNet of Leventi-Peetz and Oestreich (2022), Listing 3, setting for setting. */
import { wordOption } from '../errors/index.js';
import { conv2d, dense, dropout, flatten, input, maxPooling2d, rescaling } from '../layers/index.js';
import { defineModel, type Model, model } from '../models/index.js';
import { dataAugmentation } from './data_augmentation.js';
import { type PaperNetworkOptions, paperNetwork, paperOptimizer, paperOptions } from './paper_network.js';

const paddings = ['valid', 'same'] as const;

/** What `kerasConvnet` takes. */
export interface KerasConvnetOptions extends PaperNetworkOptions {
  /** 'same' puts zeros around the convolutions, so that pictures of 32 x 32 can be read. Default 'valid', as in the paper. */
  padding?: (typeof paddings)[number];
}

const name = 'keras_convnet';
/** The smallest pictures that leave the last convolution something to read. */
const minimumSizes = { valid: 78, same: 16 };

/**
 * The network, `[imageSize, imageSize, 3]` of values 0 to 255 to one probability; 991,041 trainable parameters at 180.
 * Sides are at least 78, with padding 'same' 16. Throws ArgumentError for a picture that is too small.
 */
export function kerasConvnet({ padding: given = 'valid', ...options }: KerasConvnetOptions = {}): Model {
  const padding = wordOption(name, 'padding', given, paddings);
  const { shape, head, augmentation } = paperOptions(name, minimumSizes[padding], options);
  const inputs = input({ shape });
  let x = augmentation ? dataAugmentation().apply(inputs) : inputs;
  x = rescaling({ scale: 1 / 255 }).apply(x);
  for (const filters of [32, 64, 128, 256]) {
    x = conv2d({ filters, kernelSize: 3, padding, activation: 'relu' }).apply(x);
    x = maxPooling2d({ poolSize: 2 }).apply(x);
  }
  x = conv2d({ filters: 256, kernelSize: 3, padding, activation: 'relu' }).apply(x);
  x = flatten().apply(x);
  x = dropout({ rate: 0.5, seed: 7001 }).apply(x);
  return model({ inputs, outputs: dense(head).apply(x), name });
}

/** The network in the table. */
export const kerasConvnetDefinition = defineModel({
  name,
  build: paperNetwork(name, kerasConvnet, ['padding']),
  optimizer: paperOptimizer,
});
