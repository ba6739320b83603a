/** adagrad: one step of Adagrad, in place. */
import type { Tensor } from '../tensor/index.js';
import { runStep, type StepSettings } from './optimizer_step.js';
import type { EpsilonPlace } from './rmsprop.js';

/** The numbers of one step of Adagrad. */
export interface AdagradSettings extends StepSettings {
  epsilon: number;
  /** Default 'inside', as Keras; PyTorch's is 'outside'. */
  epsilonPlace?: EpsilonPlace;
}

/**
 * Moves `weight` and `accumulator` (same shape, the sum of squared gradients) one step, in place (docs/contract.md,
 * Optimizers). Throws ShapeError when shapes differ.
 */
export function adagradUpdate(weight: Tensor, gradient: Tensor, accumulator: Tensor, settings: AdagradSettings): void {
  runStep('adagrad.update', weight, gradient, { accumulator }, settings, ({ epsilon, epsilonPlace }) => ({
    epsilon,
    epsilonOutside: epsilonPlace === 'outside' ? 1 : 0,
  }));
}
