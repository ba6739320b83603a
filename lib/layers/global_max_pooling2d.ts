/** global_max_pooling2d: the largest value of each channel over the whole picture. */
import { maxPool2d, reshape } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, layerMaker, single, singleOfRank } from './layer.js';
import { layerSpec } from './spec.js';

class GlobalMaxPooling2d extends Layer {
  readonly kind = 'global_max_pooling2d';
  readonly kerasName = 'GlobalMaxPooling2D';
  static readonly spec = layerSpec('GlobalMaxPooling2D', [], {
    fixed: { data_format: 'channels_last', keepdims: false },
  });

  constructor(options: LayerOptions = {}) {
    super('global_max_pooling2d', options, GlobalMaxPooling2d.spec);
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return [singleOfRank(this, inputs, 3, 'h, w, channels')[2]!];
  }

  override call(inputs: readonly Tensor[]): Tensor {
    const x = single(this, inputs);
    const [n, h, w, channels] = x.shape as [number, number, number, number];
    return reshape(maxPool2d(x, { poolSize: [h, w] }), [n, channels]);
  }
}

/** The largest value over a picture, [h, w, channels] to [channels]; the first one wins ties. Throws ArgumentError for an unknown option. */
export const globalMaxPooling2d = layerMaker(GlobalMaxPooling2d);
