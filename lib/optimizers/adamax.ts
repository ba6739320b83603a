/** adamax: Adam with the largest size of a gradient in place of the mean of squares (Kingma and Ba 2015, section 7.1). */
import { maker } from '../classes/index.js';
import { checkOptions } from '../errors/index.js';
import { adamaxUpdate } from '../ops/index.js';
import type { CommonOptions } from './common.js';
import { betaOption, epsilonOption, type Optimizer, optimizerOf, optimizerSpec } from './optimizer.js';

/** What `adamax` takes. Its learning rate is 0.001 by default. */
export interface AdamaxOptions extends CommonOptions {
  /** Share of the running mean that is kept, in [0, 1). Default 0.9. */
  beta1?: number;
  /** Share of the running norm that is kept, in [0, 1). Default 0.999. */
  beta2?: number;
  /** Keeps the divisor from 0. Default 1e-7. */
  epsilon?: number;
}

const spec = optimizerSpec('Adamax', 'adamax', ['beta1', 'beta2', 'epsilon'], {
  spelled: { beta1: 'beta_1', beta2: 'beta_2' },
});
/**
 * Adamax; see docs/contract.md for every rounding. Throws ArgumentError for an unknown or bad option.
 * Example: `adamax({ beta1: 0.8 })`.
 */
export const adamax = maker(spec, (options: AdamaxOptions = {}): Optimizer => {
  const who = 'adamax';
  checkOptions(who, options, spec.options);
  const settings = {
    beta1: betaOption(who, 'beta1', options.beta1 ?? 0.9),
    beta2: betaOption(who, 'beta2', options.beta2 ?? 0.999),
    epsilon: epsilonOption(who, options.epsilon ?? 1e-7),
  };
  return optimizerOf({
    ...{ spec, options, settings },
    learningRate: 0.001,
    slots: ['momentum', 'norm'],
    update: (weight, gradient, { momentum, norm }, now) =>
      adamaxUpdate(weight, gradient, { momentum: momentum!, norm: norm! }, now),
  });
});
