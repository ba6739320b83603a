/** multiply: elementwise product of two tensors of one shape. */
import { type Backward, record } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, expectSameShape, output, run } from './kernel.js';

function product(a: Tensor, b: Tensor): Tensor {
  const y = output(a);
  run('multiply.forward', [a, b, y]);
  return y;
}

/**
 * a * b, elementwise. Throws DtypeError unless both are float32, ShapeError unless their shapes are equal.
 * Example: `multiply(x, mask)`.
 */
export function multiply(a: Tensor, b: Tensor): Tensor {
  expectDtype('multiply', 'a', a);
  expectDtype('multiply', 'b', b);
  expectSameShape('multiply', 'b', b, a.shape);
  const backward: Backward = (dy, [wantA, wantB]) => [wantA ? product(dy, b) : null, wantB ? product(dy, a) : null];
  return record({ name: 'multiply', inputs: [a, b], output: product(a, b), reads: [a, b], backward });
}
