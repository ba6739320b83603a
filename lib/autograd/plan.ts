/**
 * Memory planning: what is saved for backward, freed, rematerialised, masked or written in place.
 *
 * Each operation records itself (operation.ts): what it was given and gave, and what its gradient reads. It knows no other
 * operation. All that is decided between operations is decided here, from these records, and in the walk backwards (walk.ts):
 *
 * - Saved for backward is what the gradient of some operation reads. A network says of each value when it will not read it any
 *   more (`letGo`); the value is freed then unless it is saved. One that is freed while the fused row that made it is still
 *   gathered becomes an elided buffer.
 * - Rematerialised is a value that one gradient alone reads, in a fused row (`rematerialises`), and whose maker can compute it again
 *   there (`recompute`): that is cheaper than keeping it in memory. It is not saved.
 * - Masked: the gradient of a relu fused into an operation is dy where its output is above 0. The walk applies it, and so saves
 *   the output, unless every operation that reads the output hands a masked gradient back (`masks`).
 * - Written in place: an operation may write over dy where nobody else reads it (`mayOverwrite`).
 * - What an operation made for its gradient alone (`saves`) is freed after it.
 *
 * An operation that does not name what it reads keeps all of its inputs and its output. One that names too little finds a freed
 * tensor: that is an error, never another number.
 */
import type { Tensor } from '../tensor/index.js';
import { ElidedBuffer, type KernelCall, type Operation, readsOf } from './operation.js';

/** The operation that made a tensor; undefined for a tensor from elsewhere. */
export const makerOf = (operations: readonly Operation[], tensor: Tensor): Operation | undefined =>
  operations.find(({ output }) => output === tensor);

/** Whether a tensor that nobody reads forward any more has to stay for the gradients of these operations. */
export function isSaved(operations: readonly Operation[], tensor: Tensor): boolean {
  const maker = makerOf(operations, tensor);
  const masked = operations.every(({ inputs, masks = false }) => masks || !inputs.includes(tensor));
  if (maker?.relu === true && !masked) return true;
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
