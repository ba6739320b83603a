/** rmsprop: one step of RMSprop, in place. */
import type { Tensor } from '../tensor/index.js';
import { runStep, type StepSettings } from './optimizer_step.js';

/** Where epsilon is added: under the root, as Keras 3 does, or to the root, as TensorFlow 2.0 to 2.10 and PyTorch do. */
export type EpsilonPlace = 'inside' | 'outside';

/** The numbers of one step of RMSprop. */
export interface RmspropSettings extends StepSettings {
  rho: number;
  momentum: number;
  epsilon: number;
  /** Default 'inside'. */
  epsilonPlace?: EpsilonPlace;
}

/** The state of RMSprop for one weight. Each tensor has its shape and begins with zeros. */
export interface RmspropSlots {
  /** Running mean of squared gradients. */
  velocity: Tensor;
  /** Running mean of gradients, when centered. */
  average: Tensor | null;
  /** Accumulated steps, when there is momentum. */
  buffer: Tensor | null;
}

/** Moves `weight` and its slots one step, in place (docs/contract.md, Optimizers). Throws ShapeError when shapes differ. */
export function rmspropUpdate(weight: Tensor, gradient: Tensor, slots: RmspropSlots, settings: RmspropSettings): void {
  const { velocity, average, buffer } = slots;
  runStep(
    'rmsprop.update',
    weight,
    gradient,
    { velocity, average, buffer },
    settings,
    ({ epsilonPlace, ...numbers }) => ({
      ...numbers,
      epsilonOutside: epsilonPlace === 'outside' ? 1 : 0,
    }),
  );
}
