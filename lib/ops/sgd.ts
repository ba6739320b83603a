/** sgd: one step of gradient descent, in place. */
import type { Tensor } from '../tensor/index.js';
import { expectSameShape, run } from './kernel.js';

/** The numbers of one step of gradient descent. */
export interface SgdSettings {
  learningRate: number;
  momentum: number;
  nesterov: boolean;
}

/**
 * Moves `weight` against `gradient`, in place. With momentum it updates `velocity`, too: a tensor of the same shape that begins
 * with zeros, null without momentum. Throws ShapeError when shapes differ.
 */
export function sgdUpdate(weight: Tensor, gradient: Tensor, velocity: Tensor | null, settings: SgdSettings): void {
  expectSameShape('sgd', 'gradient', gradient, weight.shape);
  if (velocity !== null) expectSameShape('sgd', 'velocity', velocity, weight.shape);
  run('sgd.update', [gradient, weight, velocity], { ...settings, nesterov: settings.nesterov ? 1 : 0 });
}
