/** global_average_pooling2d: the mean of each channel over the whole picture. */
import { mean } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, layerMaker, single, singleOfRank } from './layer.js';
import { layerSpec } from './spec.js';

class GlobalAveragePooling2d extends Layer {
  readonly kind = 'global_average_pooling2d';
  readonly kerasName = 'GlobalAveragePooling2D';
  static readonly spec = layerSpec('GlobalAveragePooling2D', [], {
    fixed: { data_format: 'channels_last', keepdims: false },
  });

  constructor(options: LayerOptions = {}) {
    super('global_average_pooling2d', options, GlobalAveragePooling2d.spec);
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return [singleOfRank(this, inputs, 3, 'h, w, channels')[2]!];
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return mean(single(this, inputs), { axes: [1, 2] });
  }
}

/** The mean over a picture, [h, w, channels] to [channels]. Throws ArgumentError for an unknown option. */
export const globalAveragePooling2d = layerMaker(GlobalAveragePooling2d);
