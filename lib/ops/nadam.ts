/** nadam: one step of Nadam, in place. */
import type { Tensor } from '../tensor/index.js';
import { runStep, type StepSettings } from './optimizer_step.js';
import { powerBySquaring } from './power.js';

/** The numbers of one step of Nadam. */
export interface NadamSettings extends StepSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Steps done before. */
  step: number;
}

/** What Nadam remembers of a weight, each of its shape, zeros at first. */
export interface NadamSlots {
  /** Running mean of gradients. */
  momentum: Tensor;
  /** Running mean of squared gradients. */
  velocity: Tensor;
}

/** u_t = beta1 * (1 - 0.5 * 0.96^t): how much of the mean a step takes. */
const shareAt = (beta1: number, t: number): number => beta1 * (1 - 0.5 * powerBySquaring(0.96, t));

/** u_1 * ... * u_t, one multiplication after the other. Below the smallest number it stays 0. */
function productTo(beta1: number, t: number): number {
  let product = 1;
  for (let i = 1; i <= t && product !== 0; i++) product *= shareAt(beta1, i);
  return product;
}

/** Moves `weight` and its slots one step, in place (docs/contract.md, Optimizers). Throws ShapeError when shapes differ. */
export function nadamUpdate(weight: Tensor, gradient: Tensor, slots: NadamSlots, settings: NadamSettings): void {
  const { momentum, velocity } = slots;
  runStep('nadam.update', weight, gradient, { momentum, velocity }, settings, ({ beta1, beta2, epsilon, step }) => {
    const t = step + 1;
    const [now, next] = [shareAt(beta1, t), shareAt(beta1, t + 1)];
    const product = productTo(beta1, t);
    return {
      ...{ firstShare: 1 - beta1, secondShare: 1 - beta2, epsilon },
      meanFactor: next / (1 - product * next),
      gradientFactor: (1 - now) / (1 - product),
      correction: 1 - powerBySquaring(beta2, t),
    };
  });
}
