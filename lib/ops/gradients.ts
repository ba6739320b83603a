/** Gradients of a function of tensors. The walk backwards adds and masks with the library's own kernels. */
import { type ValueAndGradients, valueAndGradients } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { output, run } from './kernel.js';

/** Runs a kernel of two tensors that gives a new one. */
const pairwise = (kernel: string) => (a: Tensor, b: Tensor) => {
  const result = output(a);
  run(kernel, [a, b, result]);
  return result;
};

const kernels = { add: pairwise('add.forward'), mask: pairwise('relu.inputGradient') };

/**
 * Runs `forward`, which returns `{ loss, ... }`, and differentiates the loss by `variables`.
 * Example: `gradients(() => ({ loss: mean(relu(x)) }), [x])`.
 */
export function gradients<T extends { loss: Tensor }>(
  forward: () => T,
  variables: readonly Tensor[],
  seed?: Tensor,
): ValueAndGradients<T> {
  return valueAndGradients(forward, variables, kernels, seed);
}
