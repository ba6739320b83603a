/** unary: exp, log, sqrt and tanh, elementwise; each correctly rounded. */
import { type Backward, record } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, output, run } from './kernel.js';

/** Runs a kernel and records its gradient, which reads the function's value or, with `byInput`, its argument. */
function unary(name: string, x: Tensor, kernel: string, gradient: string, { byInput = false } = {}): Tensor {
  expectDtype(name, 'x', x);
  const y = output(x);
  run(kernel, [x, y]);
  const known = byInput ? x : y;
  const backward: Backward = (dy) => {
    const dx = output(x);
    run(gradient, [known, dy, dx]);
    return [dx];
  };
  return record({ name, inputs: [x], output: y, reads: [known], backward });
}

/** e^x of any shape, elementwise. Throws DtypeError unless x is float32. Example: `exp(logits)`. */
export function exp(x: Tensor): Tensor {
  return unary('exp', x, 'unary.exp', 'unary.expGradient');
}

/** Natural logarithm of any shape, elementwise; NaN below 0. Throws DtypeError unless x is float32. Example: `log(p)`. */
export function log(x: Tensor): Tensor {
  return unary('log', x, 'unary.log', 'unary.logGradient', { byInput: true });
}

/** Square root of any shape, elementwise; NaN below 0. Throws DtypeError unless x is float32. Example: `sqrt(variance)`. */
export function sqrt(x: Tensor): Tensor {
  return unary('sqrt', x, 'unary.sqrt', 'unary.sqrtGradient');
}

/** Hyperbolic tangent of any shape, elementwise. Throws DtypeError unless x is float32. Example: `tanh(x)`. */
export function tanh(x: Tensor): Tensor {
  return unary('tanh', x, 'unary.tanh', 'unary.tanhGradient');
}
