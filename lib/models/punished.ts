/** The loss of a batch with what regularizers add. */
import type { NamedWeight } from '../layers/index.js';
import { add } from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';

/** The loss, then what was added for outputs, then for the weights that learn, one after the other in their order. */
export function punished(loss: Tensor, penalties: readonly Tensor[], learning: readonly NamedWeight[]): Tensor {
  const sum = penalties.reduce((all, penalty) => add(all, penalty), loss);
  return learning.reduce((all, { weight: { regularizer, tensor } }) => {
    return regularizer === null ? all : add(all, regularizer.penalty(tensor));
  }, sum);
}
