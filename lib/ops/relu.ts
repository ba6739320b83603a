/** relu: +0 where x < 0, otherwise x. */
import { record } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, output, run } from './kernel.js';

/**
 * Rectified linear unit of any shape, elementwise. Throws DtypeError unless x is float32.
 * Example: `relu(tensor(runtime, [-1, 2]))` is [0, 2].
 */
export function relu(x: Tensor): Tensor {
  expectDtype('relu', 'x', x);
  const y = output(x);
  run('relu.forward', [x, y]);
  return record(y, [x], (dy) => {
    const dx = output(x);
    run('relu.inputGradient', [y, dy, dx]);
    return [dx];
  });
}
