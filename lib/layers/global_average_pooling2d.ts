/** global_average_pooling2d: the mean of each channel over the whole picture. */
import { mean } from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';
import { GlobalPooling2d, type GlobalPooling2dOptions, globalPoolingSpec } from './global_pooling2d.js';
import { layerMaker } from './layer.js';

class GlobalAveragePooling2d extends GlobalPooling2d {
  readonly kind = 'global_average_pooling2d';
  readonly kerasName = 'GlobalAveragePooling2D';
  static readonly spec = globalPoolingSpec('GlobalAveragePooling2D');

  constructor(options: GlobalPooling2dOptions = {}) {
    super('global_average_pooling2d', options, GlobalAveragePooling2d.spec);
  }

  protected override pool(x: Tensor): Tensor {
    return mean(x, { axes: [1, 2] });
  }
}

/**
 * The mean over a picture, [h, w, channels] to [channels], with `keepdims` to [1, 1, channels]. Throws ArgumentError for an unknown or
 * bad option.
 */
export const globalAveragePooling2d = layerMaker(GlobalAveragePooling2d);
