/** softmax: exp(x - max) divided by its sum, over the last axis, and the logarithm of that. */
import { type Backward, record } from '../autograd/index.js';
import { ShapeError, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, output, run } from './kernel.js';

/** Runs a kernel over the rows of x and records its gradient, which reads the result. */
function overClasses(name: string, x: Tensor, kernel: string, gradient: string): Tensor {
  expectDtype(name, 'x', x);
  if (x.rank < 1) throw new ShapeError({ who: name, expected: 'x [..., classes]', got: show([...x.shape]) });
  const y = output(x);
  run(kernel, [x, y]);
  const backward: Backward = (dy) => {
    const dx = output(x);
    run(gradient, [y, dy, dx]);
    return [dx];
  };
  return record({ name, inputs: [x], output: y, reads: [y], backward });
}

/**
 * Softmax over the last axis of x [..., classes]. Throws DtypeError unless x is float32, ShapeError when x has no axis.
 * Example: `softmax(logits)`.
 */
export function softmax(x: Tensor): Tensor {
  return overClasses('softmax', x, 'softmax.forward', 'softmax.inputGradient');
}

/**
 * The logarithm of softmax over the last axis of x [..., classes], without its small numbers: `x - max - log(sum of exp(x - max))`.
 * Throws DtypeError unless x is float32, ShapeError when x has no axis. Example: `logSoftmax(logits)`.
 */
export function logSoftmax(x: Tensor): Tensor {
  return overClasses('logSoftmax', x, 'softmax.log', 'softmax.logGradient');
}
