/** softmax: exp(x - max) divided by its sum, over the last axis. */
import { type Backward, record } from '../autograd/index.js';
import { ShapeError, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, output, run } from './kernel.js';

/**
 * Softmax over the last axis of x [..., classes]. Throws DtypeError unless x is float32, ShapeError when x has no axis.
 * Example: `softmax(logits)`.
 */
export function softmax(x: Tensor): Tensor {
  expectDtype('softmax', 'x', x);
  if (x.rank < 1) throw new ShapeError({ who: 'softmax', expected: 'x [..., classes]', got: show([...x.shape]) });
  const y = output(x);
  run('softmax.forward', [x, y]);
  const backward: Backward = (dy) => {
    const dx = output(x);
    run('softmax.inputGradient', [y, dy, dx]);
    return [dx];
  };
  return record({ name: 'softmax', inputs: [x], output: y, reads: [y], backward });
}
