/** adamax: one step of Adamax, in place. */
import type { Tensor } from '../tensor/index.js';
import { runStep, type StepSettings } from './optimizer_step.js';
import { powerBySquaring } from './power.js';

/** The numbers of one step of Adamax. */
export interface AdamaxSettings extends StepSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Steps done before. */
  step: number;
}

/** What Adamax remembers of a weight, each of its shape, zeros at first. */
export interface AdamaxSlots {
  /** Running mean of gradients. */
  momentum: Tensor;
  /** Largest size of a gradient, which fades. */
  norm: Tensor;
}

/** Moves `weight` and its slots one step, in place (docs/contract.md, Optimizers). Throws ShapeError when shapes differ. */
export function adamaxUpdate(weight: Tensor, gradient: Tensor, slots: AdamaxSlots, settings: AdamaxSettings): void {
  const { momentum, norm } = slots;
  runStep('adamax.update', weight, gradient, { momentum, norm }, settings, ({ beta1, beta2, epsilon, step }) => ({
    ...{ firstShare: 1 - beta1, beta2, epsilon },
    correction: 1 - powerBySquaring(beta1, step + 1),
  }));
}
