/** averagePooling2d: the mean of each window. */
import { averagePool2d } from '../ops/index.js';
import { layerMaker } from './layer.js';
import { Pooling2d, type Pooling2dOptions, poolingSpec } from './pooling2d.js';

class AveragePooling2d extends Pooling2d {
  readonly kind = 'average_pooling2d';
  readonly kerasName = 'AveragePooling2D';
  static readonly spec = poolingSpec('AveragePooling2D');

  constructor(options: Pooling2dOptions = {}) {
    super('averagePooling2d', options, { spec: AveragePooling2d.spec, operation: averagePool2d });
  }
}

/**
 * The mean of the values of each window that lie inside the picture, [h, w, c] to [h', w', c].
 * Throws ArgumentError for an unknown or bad option; applied to too small an input, ShapeError.
 */
export const averagePooling2d = layerMaker(AveragePooling2d);
