/** maxPooling2d: the largest value of each window. */
import { maxPool2d } from '../ops/index.js';
import { layerMaker } from './layer.js';
import { Pooling2d, type Pooling2dOptions, poolingSpec } from './pooling2d.js';

class MaxPooling2d extends Pooling2d {
  readonly kind = 'max_pooling2d';
  readonly kerasName = 'MaxPooling2D';
  static readonly spec = poolingSpec('MaxPooling2D');

  constructor(options: Pooling2dOptions = {}) {
    super('maxPooling2d', options, { spec: MaxPooling2d.spec, operation: maxPool2d });
  }
}

/**
 * The largest value of each window, [h, w, c] to [h', w', c]: `maxPooling2d({ poolSize: 2 })`.
 * Throws ArgumentError for an unknown or bad option; applied to too small an input, ShapeError.
 */
export const maxPooling2d = layerMaker(MaxPooling2d);
