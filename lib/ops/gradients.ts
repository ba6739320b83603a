/** Gradients of a function of tensors. The walk backwards adds and goes through activations with the library's own kernels. */
import { type AppliedActivation, type ValueAndGradients, valueAndGradients } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { output, run } from './kernel.js';

/** Runs a kernel of two tensors that gives a new one. */
function pairwise({ kernel, settings }: AppliedActivation, a: Tensor, b: Tensor): Tensor {
  const result = output(a);
  run(kernel, [a, b, result], settings);
  return result;
}

const adding = { kernel: 'add.forward', settings: {} };
const kernels = { add: (before: Tensor, gradient: Tensor) => pairwise(adding, before, gradient), activation: pairwise };

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
