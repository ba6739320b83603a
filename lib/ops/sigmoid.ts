/** sigmoid: 1 / (1 + exp(-x)), correctly rounded. */
import { type Backward, record } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, output, run } from './kernel.js';

/**
 * Logistic function of any shape, elementwise. Throws DtypeError unless x is float32.
 * Example: `sigmoid(tensor(runtime, [0]))` is [0.5].
 */
export function sigmoid(x: Tensor): Tensor {
  expectDtype('sigmoid', 'x', x);
  const y = output(x);
  run('sigmoid.forward', [x, y]);
  const backward: Backward = (dy) => {
    const dx = output(x);
    run('sigmoid.inputGradient', [y, dy, dx]);
    return [dx];
  };
  return record({ name: 'sigmoid', inputs: [x], output: y, reads: [y], backward });
}
