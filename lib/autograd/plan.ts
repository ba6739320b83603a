/**
 * Memory planning: what is saved for backward, freed, rematerialised, masked or written in place.
 *
 * An operation records itself (operation.ts): its inputs, its output, its gradient, and what that reads. It knows no other
 * operation. What concerns several operations is decided from their records, forward here and backward in walk.ts:
 *
 * - A tensor is saved for backward if the gradient of an operation reads it. A network says when it will not read a value any
 *   more (`letGo`). The value is freed then, unless it is saved. If the fused row that computes it has not run yet, the value
 *   becomes an elided buffer.
 * - A tensor is rematerialised if only one gradient reads it, in a fused row (`rematerialises`), and the operation that made it can
 *   compute it again in that row (`recompute`). It is not saved: computing it again in the caches costs less than memory.
 * - The gradient of a fused activation follows from its output, which the walk reads for it; so that is saved. After a relu it is dy,
 *   masked: 0 where the output is 0. There the output is not saved where all operations that read it give it a gradient that is
 *   masked already (`masks`).
 * - An operation may write a gradient over dy where nobody else reads dy (`mayOverwrite`).
 * - What an operation made for its gradient alone (`saves`) is freed after it.
 * - An operation whose gradient takes more memory than dy waits until that gradient is read.
 *
 * An operation that does not say what it reads keeps all of its inputs and its output. One that says too little reads a freed
 * tensor, which is an error.
 */
import type { Tensor } from '../tensor/index.js';
import { ElidedBuffer, isRelu, type KernelCall, type Operation, readsOf } from './operation.js';

/** The operation that made a tensor; undefined if none of these did. */
export const makerOf = (operations: readonly Operation[], tensor: Tensor): Operation | undefined =>
  operations.find(({ output }) => output === tensor);

/** Whether a tensor that nobody reads forward any more has to stay for the gradients of these operations. */
export function isSaved(operations: readonly Operation[], tensor: Tensor): boolean {
  const maker = makerOf(operations, tensor);
  const masked = operations.every(({ inputs, masks = false }) => masks || !inputs.includes(tensor));
  if (maker?.activation && !(masked && isRelu(maker.activation))) return true;
  const [reader, ...others] = operations.filter((operation) => readsOf(operation).includes(tensor));
  if (reader === undefined) return false;
  const once = others.length === 0 && reader.rematerialises?.includes(tensor) === true;
  return !(once && maker?.recompute !== undefined);
}

/** What the next call of a fused row reads for a tensor that may have been freed; see `BackwardContext`. */
export function rematerialise(maker: Operation | undefined, tensor: Tensor, row: KernelCall[]): Tensor | ElidedBuffer {
  if (!tensor.disposed || maker?.recompute === undefined) return tensor;
  const { kernel, tensors, settings } = maker.recompute;
  const again = new ElidedBuffer(tensor.shape);
  row.push({ kernel, tensors: tensors.map((one) => (one === tensor ? again : one)), settings });
  return again;
}
