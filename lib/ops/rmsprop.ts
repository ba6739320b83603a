/** rmsprop: one step of RMSprop, in place. */
import type { Tensor } from '../tensor/index.js';
import { expectSameShape, run } from './kernel.js';

export interface RmspropSettings {
  learningRate: number;
  rho: number;
  momentum: number;
  epsilon: number;
}

/** What RMSprop remembers of a weight, each of its shape, zeros at first. */
export interface RmspropSlots {
  /** Running mean of squared gradients. */
  velocity: Tensor;
  /** Running mean of gradients, when centered. */
  average: Tensor | null;
  /** Accumulated steps, when there is momentum. */
  buffer: Tensor | null;
}

/** Moves `weight` and its slots one step, in place, as Keras 3 defines it. Throws ShapeError when shapes differ. */
export function rmspropUpdate(weight: Tensor, gradient: Tensor, slots: RmspropSlots, settings: RmspropSettings): void {
  for (const [name, tensor] of Object.entries({ gradient, ...slots })) {
    if (tensor !== null) expectSameShape('rmsprop', name, tensor, weight.shape);
  }
  run('rmsprop.update', [gradient, weight, slots.velocity, slots.average, slots.buffer], { ...settings });
}
