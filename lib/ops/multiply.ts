/** multiply: elementwise product of two tensors that broadcast together. */
import { type Backward, record } from '../autograd/index.js';
import { sameShape, type Tensor } from '../tensor/index.js';
import { binary, together } from './binary.js';
import { expectDtype, output, run } from './kernel.js';

function product(a: Tensor, b: Tensor): Tensor {
  const y = output(a);
  run('multiply.forward', [a, b, y]);
  return y;
}

/**
 * a * b, elementwise; they broadcast. Throws DtypeError unless both are float32, ShapeError unless their shapes broadcast together.
 * Example: `multiply(x, mask)`.
 */
export function multiply(a: Tensor, b: Tensor): Tensor {
  expectDtype('multiply', 'a', a);
  expectDtype('multiply', 'b', b);
  if (!sameShape(a.shape, b.shape)) {
    return binary('multiply', [a, b], {
      kernel: 'binary.multiply',
      reads: [a, b],
      gradients: (dy, wantA, wantB) => [
        wantA ? together('binary.multiply', dy, b, dy.shape) : null,
        wantB ? together('binary.multiply', dy, a, dy.shape) : null,
      ],
    });
  }
  const backward: Backward = (dy, [wantA, wantB]) => [wantA ? product(dy, b) : null, wantB ? product(dy, a) : null];
  return record({ name: 'multiply', inputs: [a, b], output: product(a, b), reads: [a, b], backward });
}
