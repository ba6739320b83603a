/** reshape: the same values in other axes, over the same memory. */
import { record } from '../autograd/index.js';
import type { Shape, Tensor } from '../tensor/index.js';

/** x in `shape`, row-major, with a gradient. Throws ShapeError for another number of values. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return record(x.reshape(shape), [x], (dy) => [dy.reshape(x.shape)]);
}
