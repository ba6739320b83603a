/** U-Net of Ronneberger et al. (2015) with zeros around its convolutions, as Alahmari et al. (2020) train it. */
import { ArgumentError, integerOption, numberOption, show, wordOption } from '../errors/index.js';
import {
  concatenate,
  conv2d,
  conv2dTranspose,
  dropout,
  type InitializerOption,
  maxPooling2d,
  regularizers,
  type Symbolic,
  upSampling2d,
} from '../layers/index.js';
import { defineModel, type Model } from '../models/index.js';
import { modelOf, type NetworkOptions, pictureBuild, planOf } from './options.js';

const upsamplings = ['transposed', 'nearest', 'bilinear'] as const;

/** What `unet` takes. */
export interface UnetOptions extends Omit<NetworkOptions, 'several'> {
  /** How often rows and columns are halved. Default 4. */
  depth?: number;
  /** Share of values to drop at the end of the way down, in [0, 1). Default 0.5. */
  dropout?: number;
  /**
   * How rows and columns are doubled on the way up: by a transposed convolution of size 2, or each value twice or on a line between two,
   * before a convolution of size 2. Default 'transposed'.
   */
  upsampling?: (typeof upsamplings)[number];
  /** First values of all kernels. Default 'glorotUniform'. */
  kernelInitializer?: InitializerOption;
  /** Factor of the sum of squares of all kernels in the loss. Default 0; the table takes 1e-3, that of the paper of 2020. */
  l2?: number;
}

const name = 'unet';
const own = ['depth', 'dropout', 'upsampling', 'kernelInitializer', 'l2'];
const defaults = { imageSize: 512, channels: 1, classes: 2, minimumSize: 1 };

/**
 * U-Net, [h, w, channels] to [h, w, 1], the probability of the second of two classes at each place, or to [h, w, classes]: 31,030,593
 * parameters at one channel and two classes. Both sides are multiples of 2^depth. Throws ArgumentError for an unknown or bad option.
 * Example: `networks.unet({ imageSize: 256, width: 0.25, depth: 3 })`.
 */
export function unet(options: UnetOptions = {}): Model {
  const plan = planOf(name, defaults, options, own);
  const { depth = 4, upsampling = 'transposed', kernelInitializer = 'glorotUniform', l2 = 0 } = options;
  integerOption(name, 'depth', depth, 1);
  wordOption(name, 'upsampling', upsampling, upsamplings);
  numberOption(name, 'l2', l2, 'a number >= 0', (x) => x >= 0);
  const multiple = 2 ** depth;
  if (plan.sides.some((side) => side % multiple !== 0)) {
    const expected = `imageSize to be a multiple of ${multiple} (2^depth)`;
    throw new ArgumentError({
      who: name,
      expected,
      got: show(plan.sides[0] === plan.sides[1] ? plan.sides[0] : [...plan.sides]),
    });
  }
  const rules = { kernelInitializer, ...(l2 > 0 && { kernelRegularizer: regularizers.l2({ l2 }) }) };
  const convolution = (x: Symbolic, filters: number, size: number) =>
    conv2d({ filters, kernelSize: size, padding: 'same', activation: 'relu', ...rules }).apply(x);
  const twice = (x: Symbolic, filters: number) => convolution(convolution(x, filters, 3), filters, 3);
  const larger = (x: Symbolic, filters: number) =>
    upsampling === 'transposed'
      ? conv2dTranspose({ filters, kernelSize: 2, strides: 2, padding: 'same', ...rules }).apply(x)
      : convolution(upSampling2d({ size: 2, interpolation: upsampling }).apply(x), filters, 2);
  const widths = Array.from({ length: depth + 1 }, (_, level) => plan.filters(64 * 2 ** level));
  const skipped: Symbolic[] = [];
  let { x } = plan;
  for (const filters of widths.slice(0, depth)) {
    skipped.push(twice(x, filters));
    x = maxPooling2d({ poolSize: 2 }).apply(skipped.at(-1)!);
  }
  x = dropout({ rate: options.dropout ?? 0.5 }).apply(twice(x, widths[depth]!));
  for (let level = depth - 1; level >= 0; level--) {
    x = twice(concatenate().apply([skipped[level]!, larger(x, widths[level]!)]), widths[level]!);
  }
  const ends =
    plan.classes === 2
      ? ({ filters: 1, activation: 'sigmoid' } as const)
      : { filters: plan.classes, activation: plan.activation };
  return modelOf(name, plan, conv2d({ ...ends, kernelSize: 1, ...rules }).apply(x));
}

/** The network in the table. */
export const unetDefinition = defineModel({
  name,
  build: (data) => {
    const options = { l2: 1e-3, ...data.options };
    return pictureBuild({ name, network: unet, preprocessing: 'unit', own, kinds: ['mask'] })({ ...data, options });
  },
  optimizer: 'adam:learningRate=1e-4,epsilon=1e-7',
});
