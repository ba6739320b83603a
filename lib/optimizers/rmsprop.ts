/** rmsprop: gradient descent by the running size of the gradient (Hinton 2012), in the forms of Keras 3 and TensorFlow 2. */
import { maker } from '../classes/index.js';
import { checkOptions, flagOption, wordOption } from '../errors/index.js';
import { type EpsilonPlace, rmspropUpdate } from '../ops/index.js';
import type { CommonOptions } from './common.js';
import { epsilonOption, type Optimizer, optimizerOf, optimizerSpec, shareOption } from './optimizer.js';

/** What `rmsprop` takes. Its learning rate is 0.001 by default. */
export interface RmspropOptions extends CommonOptions {
  /** Share of the running mean that is kept, in [0, 1]. Default 0.9. */
  rho?: number;
  /** In [0, 1]. Default 0. */
  momentum?: number;
  /** Keeps the divisor from 0. Default 1e-7. */
  epsilon?: number;
  /**
   * Where it is added: 'inside' is lr * g / sqrt(v + epsilon), Keras 3 and TensorFlow 2.11 and later; 'outside' is
   * lr * g / (sqrt(v) + epsilon), TensorFlow 2.0 to 2.10 (those with momentum 0; with momentum they are 'inside') and
   * PyTorch. Default 'inside'.
   */
  epsilonPlace?: EpsilonPlace;
  /** Whether the variance takes the place of the mean square. Default false. */
  centered?: boolean;
}

const spec = optimizerSpec('RMSprop', 'rmsprop', ['rho', 'momentum', 'epsilon', 'epsilonPlace', 'centered'], {
  own: { epsilonPlace: 'inside' },
});
/**
 * RMSprop; see docs/contract.md for every rounding. Throws ArgumentError for an unknown or bad option.
 * Example: `rmsprop({ rho: 0.95 })`.
 */
export const rmsprop = maker(spec, (options: RmspropOptions = {}): Optimizer => {
  const who = 'rmsprop';
  checkOptions(who, options, spec.options);
  const settings = {
    rho: shareOption(who, 'rho', options.rho ?? 0.9),
    momentum: shareOption(who, 'momentum', options.momentum ?? 0),
    epsilon: epsilonOption(who, options.epsilon ?? 1e-7),
    epsilonPlace: wordOption(who, 'epsilonPlace', options.epsilonPlace ?? 'inside', ['inside', 'outside']),
    centered: flagOption(who, 'centered', options.centered ?? false),
  };
  const { momentum, centered } = settings;
  return optimizerOf({
    ...{ spec, options, settings },
    learningRate: 0.001,
    slots: ['velocity', ...(momentum === 0 ? [] : ['momentum']), ...(centered ? ['average'] : [])],
    update: (weight, gradient, { velocity, momentum, average }, { centered: _, step: __, ...now }) =>
      rmspropUpdate(weight, gradient, { velocity: velocity!, average: average ?? null, buffer: momentum ?? null }, now),
  });
});
