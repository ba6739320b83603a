/** global_max_pooling2d: the largest value of each channel over the whole picture. */
import { maxPool2d, reshape } from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';
import { GlobalPooling2d, type GlobalPooling2dOptions, globalPoolingSpec } from './global_pooling2d.js';
import { layerMaker } from './layer.js';

class GlobalMaxPooling2d extends GlobalPooling2d {
  readonly kind = 'global_max_pooling2d';
  readonly kerasName = 'GlobalMaxPooling2D';
  static readonly spec = globalPoolingSpec('GlobalMaxPooling2D');

  constructor(options: GlobalPooling2dOptions = {}) {
    super('global_max_pooling2d', options, GlobalMaxPooling2d.spec);
  }

  protected override pool(x: Tensor): Tensor {
    const [n, h, w, channels] = x.shape as [number, number, number, number];
    return reshape(maxPool2d(x, { poolSize: [h, w] }), [n, channels]);
  }
}

/**
 * The largest value over a picture, [h, w, channels] to [channels], with `keepdims` to [1, 1, channels]; the first one wins ties.
 * Throws ArgumentError for an unknown or bad option.
 */
export const globalMaxPooling2d = layerMaker(GlobalMaxPooling2d);
