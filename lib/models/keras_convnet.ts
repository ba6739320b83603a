/** The deterministic ConvNet of Leventi-Peetz and Oestreich (2022), Listing 3, setting for setting. */
import { checkOptions, flagOption, integerOption } from '../errors/index.js';
import { conv2d, dense, dropout, flatten, input, maxPooling2d, rescaling } from '../layers/index.js';
import { dataAugmentation } from './data_augmentation.js';
import { type Model, model } from './model.js';

export interface KerasConvnetOptions {
  /** Side of the square pictures, at least 78. Default 180. */
  imageSize?: number;
  /** Default 2, which makes one output; more make an output each. */
  classes?: number;
  /** Whether training begins with random flips, rotations and zooms. Default true. */
  augmentation?: boolean;
}

/** The smallest picture that leaves the last convolution something to read. */
export const kerasConvnetSize = 78;

/**
 * The network, `[imageSize, imageSize, 3]` of values 0 to 255 to one probability; 991,041 trainable parameters at 180.
 * Throws ArgumentError for a picture that is too small.
 */
export function kerasConvnet(options: KerasConvnetOptions = {}): Model {
  checkOptions('keras_convnet', options, ['imageSize', 'classes', 'augmentation']);
  const { imageSize = 180, classes = 2, augmentation = true } = options;
  integerOption('keras_convnet', 'imageSize', imageSize, kerasConvnetSize);
  integerOption('keras_convnet', 'classes', classes, 2);
  const inputs = input({ shape: [imageSize, imageSize, 3] });
  let x = flagOption('keras_convnet', 'augmentation', augmentation) ? dataAugmentation().apply(inputs) : inputs;
  x = rescaling({ scale: 1 / 255 }).apply(x);
  for (const filters of [32, 64, 128, 256]) {
    x = conv2d({ filters, kernelSize: 3, activation: 'relu' }).apply(x);
    x = maxPooling2d({ poolSize: 2 }).apply(x);
  }
  x = conv2d({ filters: 256, kernelSize: 3, activation: 'relu' }).apply(x);
  x = flatten().apply(x);
  x = dropout({ rate: 0.5, seed: 7001 }).apply(x);
  const head = classes === 2 ? ({ units: 1, activation: 'sigmoid' } as const) : undefined;
  const outputs = dense(head ?? { units: classes, activation: 'softmax' }).apply(x);
  return model({ inputs, outputs, name: 'keras_convnet' });
}
