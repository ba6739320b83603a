/** add: elementwise sum of two tensors of one shape. */
import { record } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { runRow } from './by_sample.js';
import { expectDtype, expectSameShape, output } from './kernel.js';

/**
 * a + b, elementwise. Throws DtypeError unless both are float32, ShapeError unless their shapes are equal.
 * Example: `add(x, residual)`.
 */
export function add(a: Tensor, b: Tensor): Tensor {
  expectDtype('add', 'a', a);
  expectDtype('add', 'b', b);
  expectSameShape('add', 'b', b, a.shape);
  const y = output(a);
  runRow(a, a.shape, [{ kernel: 'add.forward', tensors: [a, b, y], settings: {} }]);
  return record({ name: 'add', inputs: [a, b], output: y, reads: [], backward: (dy) => [dy, dy] });
}
