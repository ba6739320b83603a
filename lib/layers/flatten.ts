/** flatten: all axes of a sample in one. */
import { flatten as flattenTensor } from '../ops/index.js';
import { type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, layerMaker, single } from './layer.js';
import { layerSpec } from './spec.js';

class Flatten extends Layer {
  readonly kind = 'flatten';
  readonly kerasName = 'Flatten';
  static readonly spec = layerSpec('Flatten', [], { fixed: { data_format: 'channels_last' } });

  constructor(options: LayerOptions = {}) {
    super('flatten', options, Flatten.spec);
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return [sizeOf(single(this, inputs))];
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return flattenTensor(single(this, inputs));
  }
}

/** Joins the axes of each sample into one, row-major; the values stay where they are. */
export const flatten = layerMaker(Flatten);
