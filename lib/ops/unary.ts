/** unary: exp, log, sqrt and tanh, elementwise; each correctly rounded. */
import { record } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, output, run } from './kernel.js';

type Name = 'exp' | 'log' | 'sqrt' | 'tanh';

function unary(name: Name, x: Tensor): Tensor {
  expectDtype(name, 'x', x);
  const y = output(x);
  run(`unary.${name}`, [x, y]);
  return record(y, [x], (dy) => {
    const dx = output(x);
    // The derivative of log needs its argument, the others their value.
    run(`unary.${name}Gradient`, [name === 'log' ? x : y, dy, dx]);
    return [dx];
  });
}

/** e^x of any shape, elementwise. Throws DtypeError unless x is float32. Example: `exp(logits)`. */
export function exp(x: Tensor): Tensor {
  return unary('exp', x);
}

/** Natural logarithm of any shape, elementwise; NaN below 0. Throws DtypeError unless x is float32. Example: `log(p)`. */
export function log(x: Tensor): Tensor {
  return unary('log', x);
}

/** Square root of any shape, elementwise; NaN below 0. Throws DtypeError unless x is float32. Example: `sqrt(variance)`. */
export function sqrt(x: Tensor): Tensor {
  return unary('sqrt', x);
}

/** Hyperbolic tangent of any shape, elementwise. Throws DtypeError unless x is float32. Example: `tanh(x)`. */
export function tanh(x: Tensor): Tensor {
  return unary('tanh', x);
}
