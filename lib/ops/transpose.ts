/** transpose: the axes in another order. */
import { type Backward, record } from '../autograd/index.js';
import { ArgumentError, checkOptions, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype } from './kernel.js';
import { rearrange, stridesOf } from './rearrange.js';

/** What `transpose` takes. */
export interface TransposeOptions {
  /** Axis k of the result is axis `axes[k]` of x. Default: the order turned round. */
  axes?: readonly number[];
}

function permuted(x: Tensor, order: readonly number[]): Tensor {
  const strides = stridesOf(x.shape);
  return rearrange(x, { axes: order.map((axis) => ({ size: x.shape[axis]!, stride: strides[axis]! })) });
}

/**
 * x with its axes in another order; the gradient goes back the other way. Throws DtypeError unless x is float32, ArgumentError
 * unless `axes` name each axis once. Example: `transpose(pictures, { axes: [0, 3, 1, 2] })` is NHWC as NCHW.
 */
export function transpose(x: Tensor, options: TransposeOptions = {}): Tensor {
  checkOptions('transpose', options, ['axes']);
  const { axes } = options;
  expectDtype('transpose', 'x', x);
  const all = x.shape.map((_, axis) => axis);
  const order = axes ?? [...all].reverse();
  if (!Array.isArray(order) || order.length !== x.rank || !all.every((axis) => order.includes(axis))) {
    throw new ArgumentError({
      who: 'transpose',
      expected: `axes to be ${x.rank === 0 ? '[]' : `0 to ${x.rank - 1}, each once`}`,
      got: show(order),
    });
  }
  const back = all.map((axis) => order.indexOf(axis));
  const backward: Backward = (dy) => [permuted(dy, back)];
  return record({ name: 'transpose', inputs: [x], output: permuted(x, order), reads: [], backward });
}
