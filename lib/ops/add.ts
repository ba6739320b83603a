/** add: elementwise sum of two tensors of one shape. */
import { record } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { runRow } from './by_sample.js';
import { expectDtype, expectSameShape, output, run } from './kernel.js';
import { isUnread, noteSpent, noteUnread } from './relu_gradient.js';

/**
 * a + b, elementwise. Throws DtypeError unless both are float32, ShapeError unless their shapes are equal.
 * Example: `add(x, residual)`.
 */
export function add(a: Tensor, b: Tensor): Tensor {
  expectDtype('add', 'a', a);
  expectDtype('add', 'b', b);
  expectSameShape('add', 'b', b, a.shape);
  const y = output(a);
  runRow(a, a.shape, [{ kernel: 'add.forward', tensors: [a, b, y], settings: {} }]);
  for (const input of [a, b]) if (isUnread(input)) noteSpent(input);
  noteUnread(y);
  // Views, not copies: each input's gradient can then be disposed by itself.
  return record(y, [a, b], (dy) => [dy.reshape(dy.shape), dy.reshape(dy.shape)]);
}

/** Adds a gradient to an accumulated one: the sum as a new tensor; the old one is disposed. */
export function addInto(into: Tensor, gradient: Tensor): Tensor {
  const sum = output(into);
  run('add.forward', [into, gradient, sum]);
  into.dispose();
  return sum;
}
