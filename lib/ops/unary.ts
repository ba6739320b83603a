/** unary: exp, log, sqrt and tanh, each correctly rounded, negate, abs and square; elementwise. */
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

/** -x of any shape, elementwise. Throws DtypeError unless x is float32. Example: `negate(x)`. */
export function negate(x: Tensor): Tensor {
  expectDtype('negate', 'x', x);
  const negative = (of: Tensor) => {
    const y = output(of);
    run('unary.negate', [of, y]);
    return y;
  };
  return record({ name: 'negate', inputs: [x], output: negative(x), reads: [], backward: (dy) => [negative(dy)] });
}

/** |x| of any shape, elementwise; the gradient at 0 is +0. Throws DtypeError unless x is float32. Example: `abs(x)`. */
export function abs(x: Tensor): Tensor {
  return unary('abs', x, 'unary.abs', 'unary.absGradient', { byInput: true });
}

/** x * x of any shape, elementwise. Throws DtypeError unless x is float32. Example: `square(x)`. */
export function square(x: Tensor): Tensor {
  return unary('square', x, 'unary.square', 'unary.squareGradient', { byInput: true });
}
