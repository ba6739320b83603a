/** averagePooling2d: the mean of each window. */
import { averagePool2d } from '../ops/index.js';
import type { Layer } from './layer.js';
import { Pooling2d, type Pooling2dOptions } from './pooling2d.js';

const kind = {
  who: 'averagePooling2d',
  kind: 'average_pooling2d',
  kerasName: 'AveragePooling2D',
  operation: averagePool2d,
};

/**
 * The mean of the values of each window that lie inside the picture, [h, w, c] to [h', w', c].
 * Throws ArgumentError for an unknown or bad option; applied to too small an input, ShapeError.
 */
export function averagePooling2d(options: Pooling2dOptions = {}): Layer {
  return new Pooling2d(options, kind);
}
