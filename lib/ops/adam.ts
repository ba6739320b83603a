/** adam: one step of Adam or AdamW, in place. */
import type { Tensor } from '../tensor/index.js';
import { runStep, type StepSettings } from './optimizer_step.js';
import { powerBySquaring } from './power.js';

/**
 * What epsilon is added to: 'root' is Keras's and TensorFlow's, `m * alpha / (sqrt(v) + epsilon)`; 'corrected' is that of
 * Algorithm 1 of the paper and of PyTorch, added to the root of the corrected v, which is epsilon * sqrt(1 - beta2^t) here.
 */
export type EpsilonForm = 'root' | 'corrected';

/** The numbers of one step of Adam. */
export interface AdamSettings extends StepSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Default 'root'. */
  epsilonForm?: EpsilonForm;
  /** Steps done before. */
  step: number;
}

/** What Adam remembers of a weight, each of its shape, zeros at first. */
export interface AdamSlots {
  /** Running mean of gradients. */
  momentum: Tensor;
  /** Running mean of squared gradients. */
  velocity: Tensor;
  /** The largest of them so far, for AMSGrad. */
  maximum: Tensor | null;
}

/** Moves `weight` and its slots one step, in place (docs/contract.md, Optimizers). Throws ShapeError when shapes differ. */
export function adamUpdate(weight: Tensor, gradient: Tensor, slots: AdamSlots, settings: AdamSettings): void {
  const { momentum, velocity, maximum } = slots;
  const { learningRate } = settings;
  runStep('adam.update', weight, gradient, { momentum, velocity, maximum }, settings, (own) => {
    const { beta1, beta2, epsilon, epsilonForm, step } = own;
    const root = Math.sqrt(1 - powerBySquaring(beta2, step + 1));
    return {
      stepSize: (Math.fround(learningRate) * root) / (1 - powerBySquaring(beta1, step + 1)),
      firstShare: 1 - beta1,
      secondShare: 1 - beta2,
      epsilon: epsilonForm === 'corrected' ? epsilon * root : epsilon,
    };
  });
}
