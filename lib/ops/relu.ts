/** relu: +0 where x < 0, otherwise x. */
import { type Backward, record } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, output, run } from './kernel.js';

/** What an operation can apply to its result in the same pass. */
export type FusedActivation = 'linear' | 'relu';

/**
 * Rectified linear unit of any shape, elementwise. Throws DtypeError unless x is float32.
 * Example: `relu(tensor(runtime, [-1, 2]))` is [0, 2].
 */
export function relu(x: Tensor): Tensor {
  expectDtype('relu', 'x', x);
  const y = output(x);
  run('relu.forward', [x, y]);
  const backward: Backward = (dy) => {
    const dx = output(x);
    run('relu.inputGradient', [y, dy, dx]);
    return [dx];
  };
  return record({ name: 'relu', inputs: [x], output: y, reads: [y], backward });
}
