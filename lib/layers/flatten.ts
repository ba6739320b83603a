/** flatten: all axes of a sample in one. */
import { flatten as flattenTensor } from '../ops/index.js';
import { type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, single } from './layer.js';

class Flatten extends Layer {
  readonly kind = 'flatten';
  readonly kerasName = 'Flatten';

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return [sizeOf(single(this, inputs))];
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return flattenTensor(single(this, inputs));
  }
}

/** Joins the axes of each sample into one, row-major; the values stay where they are. */
export function flatten(options: LayerOptions = {}): Layer {
  return new Flatten('flatten', options);
}
