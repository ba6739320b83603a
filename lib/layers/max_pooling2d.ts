/** maxPooling2d: the largest value of each window. */
import { type MaxPool2dOptions, maxPool2d, type Pair, pairOf } from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';
import { layerMaker } from './layer.js';
import { Pooling2d, type Pooling2dOptions, poolingSpec } from './pooling2d.js';
import type { Checked } from './spec.js';

/** What `maxPooling2d` takes. */
export interface MaxPooling2dOptions extends Pooling2dOptions {
  /** How far the inputs of a window lie apart, as PyTorch's `dilation`. Default 1. */
  dilationRate?: Pair;
}

class MaxPooling2d extends Pooling2d {
  readonly kind = 'max_pooling2d';
  readonly kerasName = 'MaxPooling2D';
  static readonly spec = poolingSpec('MaxPooling2D', { dilationRate: [1, 1] });
  declare protected readonly settings: Checked<MaxPooling2dOptions>;

  constructor(options: MaxPooling2dOptions = {}) {
    super('maxPooling2d', options, MaxPooling2d.spec, () => ({
      dilationRate: pairOf('maxPooling2d', 'dilationRate', options.dilationRate ?? 1),
    }));
  }

  protected override get window(): MaxPool2dOptions {
    const { dilationRate: dilations, ...settings } = this.settings;
    return { ...settings, dilations };
  }

  protected override pool(x: Tensor): Tensor {
    return maxPool2d(x, this.window);
  }
}

/**
 * The largest value of each window, [h, w, c] to [h', w', c]: `maxPooling2d({ poolSize: 2 })`.
 * Throws ArgumentError for an unknown or bad option; applied to too small an input, ShapeError.
 */
export const maxPooling2d = layerMaker(MaxPooling2d);
