/** add: elementwise sum of two tensors that broadcast together. */
import { record } from '../autograd/index.js';
import { sameShape, type Tensor } from '../tensor/index.js';
import { binary } from './binary.js';
import { runRow } from './by_sample.js';
import { expectDtype, output } from './kernel.js';

/**
 * a + b, elementwise; they broadcast. Throws DtypeError unless both are float32, ShapeError unless their shapes broadcast together.
 * Example: `add(x, residual)`.
 */
export function add(a: Tensor, b: Tensor): Tensor {
  expectDtype('add', 'a', a);
  expectDtype('add', 'b', b);
  if (!sameShape(a.shape, b.shape)) {
    const gradients = (dy: Tensor, wantA: boolean, wantB: boolean) => [wantA ? dy : null, wantB ? dy : null];
    return binary('add', [a, b], { kernel: 'binary.add', reads: [], gradients });
  }
  const y = output(a);
  runRow(a, a.shape, [{ kernel: 'add.forward', tensors: [a, b, y], settings: {} }]);
  return record({ name: 'add', inputs: [a, b], output: y, reads: [], backward: (dy) => [dy, dy] });
}
