/** clip_gradient: gradients held to a limit, one by one or all together, as Keras's optimizers do. */
import { scope, type Tensor } from '../tensor/index.js';
import { add } from './add.js';
import { expectDtype, output, run } from './kernel.js';
import { multiply } from './multiply.js';
import { sum } from './reduce.js';
import { sqrt } from './unary.js';

/** What holds a gradient: a new tensor of its shape. */
export type Clip = (gradient: Tensor) => Tensor;

function clip(kernel: `clip_gradient.${string}`, x: Tensor, others: readonly Tensor[], limit: number): Tensor {
  expectDtype('clip_gradient', 'gradient', x);
  const y = output(x);
  run(kernel, [x, ...others, y], { limit });
  return y;
}

const squares = (x: Tensor): Tensor => sum(multiply(x, x));

/** The root of the sum of all squares, a scalar: each tensor's sum, then these one after the other in the order of the list. */
function normOf(tensors: readonly Tensor[]): Tensor {
  return scope(() => sqrt(tensors.map(squares).reduce(add)));
}

/** Holds every value of a gradient between -limit and limit; NaN stays. Throws DtypeError unless it is float32. */
export const clipByValue =
  (limit: number): Clip =>
  (gradient) =>
    clip('clip_gradient.value', gradient, [], limit);

/** Shortens a gradient whose norm, the root of its sum of squares, is above the limit. Throws DtypeError unless it is float32. */
export const clipByNorm =
  (limit: number): Clip =>
  (gradient) =>
    scope(() => clip('clip_gradient.norm', gradient, [normOf([gradient])], limit));

/**
 * Shortens these gradients by one factor if the norm of all together is above the limit; all become NaN where it is not
 * finite. Throws DtypeError unless they are float32.
 */
export function clipByGlobalNorm(gradients: readonly Tensor[], limit: number): Clip {
  const norm = gradients.length === 0 ? null : normOf(gradients);
  return (gradient) => clip('clip_gradient.globalNorm', gradient, [norm!], limit);
}
