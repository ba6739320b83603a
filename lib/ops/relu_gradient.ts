/**
 * The gradient of a relu that an operation applied to its own output. A max pooling right behind it knows from the
 * window's maximum what relu lets through and can hand back the gradient already masked, which saves a pass over it.
 */
import { isIntermediate, readersOf } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { output, run } from './kernel.js';

/** What an operation may do to its result in the same pass. */
export type FusedActivation = 'linear' | 'relu';

const reluOutputs = new WeakSet<Tensor>();
const unread = new WeakSet<Tensor>();
const spent = new WeakSet<Tensor>();
const maskedFor = new WeakMap<Tensor, Tensor>();

/** Notes that relu was the last thing done to y. Returns y. */
export function noteRelu(y: Tensor): Tensor {
  reluOutputs.add(y);
  return y;
}

/** Whether the gradient of x may be masked by x > 0 on the way: only the operation that made x will see it. */
export function takesMasked(x: Tensor): boolean {
  return reluOutputs.has(x) && isIntermediate(x);
}

/** Notes that y is not saved for backward: the gradient of what made y does not read its values. Returns y. */
export function noteUnread(y: Tensor): Tensor {
  unread.add(y);
  return y;
}

/** Whether only the readers of y may need its values. */
export function isUnread(y: Tensor): boolean {
  return unread.has(y);
}

/** Notes that x is not saved for backward: neither the operation that made it nor the one that just read it needs its values. */
export function noteSpent(x: Tensor): void {
  spent.add(x);
}

/** Whether x can be freed although a tape is open, provided that nobody reads it from now on. */
export function isSpent(x: Tensor): boolean {
  return spent.has(x) && readersOf(x) === 1;
}

/** Notes that dx, the gradient of x, is masked by x > 0. Returns dx. */
export function noteMasked(dx: Tensor, x: Tensor): Tensor {
  maskedFor.set(dx, x);
  return dx;
}

/** The gradient before the activation, from y and dy: dy where y > 0 after relu. It is dy itself where nothing is to do. */
export function throughActivation(activation: FusedActivation, y: Tensor, dy: Tensor): Tensor {
  if (activation === 'linear' || maskedFor.get(dy) === y) return dy;
  const dz = output(y);
  run('relu.inputGradient', [y, dy, dz]);
  return dz;
}
