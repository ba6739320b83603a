/** The deterministic ConvNet of Leventi-Peetz and Oestreich (2022), Listing 3, setting for setting. */
import { conv2d, dense, dropout, flatten, input, maxPooling2d, rescaling } from '../layers/index.js';
import { dataAugmentation } from './data_augmentation.js';
import { defineModel } from './definition.js';
import { model } from './make.js';
import type { Model } from './model.js';
import { type PictureNetworkOptions, paperOptimizer, pictureNetwork, pictureOptions } from './picture_network.js';

/** What `kerasConvnet` takes. */
export type KerasConvnetOptions = PictureNetworkOptions;

const name = 'keras_convnet';
/** The smallest picture that leaves the last convolution something to read. */
const minimumSize = 78;

/**
 * The network, `[imageSize, imageSize, 3]` of values 0 to 255 to one probability; 991,041 trainable parameters at 180.
 * Sides are at least 78. Throws ArgumentError for a picture that is too small.
 */
export function kerasConvnet(options: KerasConvnetOptions = {}): Model {
  const { shape, head, augmentation } = pictureOptions(name, minimumSize, options);
  const inputs = input({ shape });
  let x = augmentation ? dataAugmentation().apply(inputs) : inputs;
  x = rescaling({ scale: 1 / 255 }).apply(x);
  for (const filters of [32, 64, 128, 256]) {
    x = conv2d({ filters, kernelSize: 3, activation: 'relu' }).apply(x);
    x = maxPooling2d({ poolSize: 2 }).apply(x);
  }
  x = conv2d({ filters: 256, kernelSize: 3, activation: 'relu' }).apply(x);
  x = flatten().apply(x);
  x = dropout({ rate: 0.5, seed: 7001 }).apply(x);
  return model({ inputs, outputs: dense(head).apply(x), name });
}

/** The network in the table. */
export const kerasConvnetDefinition = defineModel({
  name,
  build: pictureNetwork(name, kerasConvnet),
  optimizer: paperOptimizer,
});
