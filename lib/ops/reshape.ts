/** reshape: the same values in other axes, over the same memory. */
import { type Backward, record } from '../autograd/index.js';
import type { Shape, Tensor } from '../tensor/index.js';

/** x in `shape`, row-major, with a gradient. Throws ShapeError for another number of values. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const backward: Backward = (dy) => [dy.reshape(x.shape)];
  return record({ name: 'reshape', inputs: [x], output: x.reshape(shape), reads: [], backward });
}
