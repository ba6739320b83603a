/** Options of the optimizers that keep running means of the gradient and of its size: Adam and its kin. */
import type { CommonOptions } from './common.js';
import { betaOption, epsilonOption } from './optimizer.js';

/** What `adamax` and `nadam` take, and `adam` and `adamw` beside their own. Their learning rate is 0.001 by default. */
export interface MomentOptions extends CommonOptions {
  /** Share of the running mean that is kept, in [0, 1). Default 0.9. */
  beta1?: number;
  /** Share of the running mean of squares that is kept, of `adamax` of the largest size, in [0, 1). Default 0.999. */
  beta2?: number;
  /** Keeps the divisor from 0. Default 1e-7; PyTorch's is 1e-8. */
  epsilon?: number;
}

/** Their names. */
export const momentNames = ['beta1', 'beta2', 'epsilon'];
/** How Keras spells them. */
export const momentsInKeras = { beta1: 'beta_1', beta2: 'beta_2' };

/** The options, checked. Throws ArgumentError for a bad one. */
export const momentSettings = (who: string, { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: MomentOptions) => ({
  beta1: betaOption(who, 'beta1', beta1),
  beta2: betaOption(who, 'beta2', beta2),
  epsilon: epsilonOption(who, epsilon),
});
