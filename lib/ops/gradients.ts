/** Gradients of a function of tensors, with the library's own addition where two paths meet. */
import { type ValueAndGradients, valueAndGradients } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { addInto } from './add.js';

/**
 * Runs `forward`, which returns `{ loss, ... }`, and differentiates the loss by `variables`.
 * Example: `gradients(() => ({ loss: mean(relu(x)) }), [x])`.
 */
export function gradients<T extends { loss: Tensor }>(
  forward: () => T,
  variables: readonly Tensor[],
  seed?: Tensor,
): ValueAndGradients<T> {
  return valueAndGradients(forward, variables, addInto, seed);
}
