/** sgd: one step of gradient descent, in place. */
import type { Tensor } from '../tensor/index.js';
import { runStep, type StepSettings } from './optimizer_step.js';

/**
 * What the velocity adds up: 'steps', each with its rate (Keras), or 'gradients', whose sum the rate of the moment multiplies
 * (PyTorch). With a constant rate both take the same path but for rounding.
 */
export type VelocityOf = 'steps' | 'gradients';

/** The numbers of one step of gradient descent. */
export interface SgdSettings extends StepSettings {
  momentum: number;
  nesterov: boolean;
  /** Default 'steps'. */
  velocityOf?: VelocityOf;
}

/**
 * Moves `weight` against `gradient`, in place. With momentum it updates `velocity`, too: a tensor of the same shape that begins
 * with zeros, null without momentum. Throws ShapeError when shapes differ.
 */
export function sgdUpdate(weight: Tensor, gradient: Tensor, velocity: Tensor | null, settings: SgdSettings): void {
  runStep('sgd.update', weight, gradient, { velocity }, settings, ({ momentum, nesterov, velocityOf }) => ({
    momentum,
    nesterov: nesterov ? 1 : 0,
    velocityOfGradients: velocityOf === 'gradients' ? 1 : 0,
  }));
}
