/** nadam: Adam with Nesterov's look ahead (Dozat 2016). */
import { maker } from '../classes/index.js';
import { checkOptions } from '../errors/index.js';
import { nadamUpdate } from '../ops/index.js';
import type { CommonOptions } from './common.js';
import { betaOption, epsilonOption, type Optimizer, optimizerOf, optimizerSpec } from './optimizer.js';

/** What `nadam` takes. Its learning rate is 0.001 by default. */
export interface NadamOptions extends CommonOptions {
  /** Share of the running mean that is kept, in [0, 1). Default 0.9. */
  beta1?: number;
  /** Share of the running mean of squares that is kept, in [0, 1). Default 0.999. */
  beta2?: number;
  /** Keeps the divisor from 0. Default 1e-7. */
  epsilon?: number;
}

const spec = optimizerSpec('Nadam', 'nadam', ['beta1', 'beta2', 'epsilon'], {
  spelled: { beta1: 'beta_1', beta2: 'beta_2' },
});
/**
 * Nadam; see docs/contract.md for every rounding. Throws ArgumentError for an unknown or bad option.
 * Example: `nadam({ beta1: 0.8 })`.
 */
export const nadam = maker(spec, (options: NadamOptions = {}): Optimizer => {
  const who = 'nadam';
  checkOptions(who, options, spec.options);
  const settings = {
    beta1: betaOption(who, 'beta1', options.beta1 ?? 0.9),
    beta2: betaOption(who, 'beta2', options.beta2 ?? 0.999),
    epsilon: epsilonOption(who, options.epsilon ?? 1e-7),
  };
  return optimizerOf({
    ...{ spec, options, settings },
    learningRate: 0.001,
    slots: ['momentum', 'velocity'],
    update: (weight, gradient, { momentum, velocity }, now) =>
      nadamUpdate(weight, gradient, { momentum: momentum!, velocity: velocity! }, now),
  });
});
