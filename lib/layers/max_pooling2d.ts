/** maxPooling2d: the largest value of each window. */
import { maxPool2d } from '../ops/index.js';
import type { Layer } from './layer.js';
import { Pooling2d, type Pooling2dOptions } from './pooling2d.js';

const kind = { who: 'maxPooling2d', kind: 'max_pooling2d', kerasName: 'MaxPooling2D', operation: maxPool2d };

/**
 * The largest value of each window, [h, w, c] to [h', w', c]: `maxPooling2d({ poolSize: 2 })`.
 * Throws ArgumentError for an unknown or bad option; applied to too small an input, ShapeError.
 */
export function maxPooling2d(options: Pooling2dOptions = {}): Layer {
  return new Pooling2d(options, kind);
}
