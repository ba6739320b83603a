/** rmsprop: gradient descent by the running size of the gradient (Hinton 2012), in the forms of Keras 3 and TensorFlow 2. */
import { maker } from '../classes/index.js';
import { checkOptions, flagOption, numberOption, wordOption } from '../errors/index.js';
import { type EpsilonPlace, rmspropUpdate } from '../ops/index.js';
import { type LearningRate, learningRateOption, type Optimizer, optimizerOf, optimizerSpec } from './optimizer.js';

/** What `rmsprop` takes. */
export interface RmspropOptions {
  /** A number, or a schedule, its words or its config. Default 0.001. */
  learningRate?: LearningRate;
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
  epsilonPlace: 'inside',
});
/** RMSprop; see docs/contract.md for every rounding. Throws ArgumentError for an unknown or bad option. */
export const rmsprop = maker(spec, (options: RmspropOptions = {}): Optimizer => {
  const who = 'rmsprop';
  checkOptions(who, options, spec.options);
  const learningRate = learningRateOption(who, options.learningRate ?? 0.001);
  const settings = {
    rho: numberOption(who, 'rho', options.rho ?? 0.9, 'in [0, 1]', (x) => x >= 0 && x <= 1),
    momentum: numberOption(who, 'momentum', options.momentum ?? 0, 'in [0, 1]', (x) => x >= 0 && x <= 1),
    epsilon: numberOption(who, 'epsilon', options.epsilon ?? 1e-7, 'a number >= 0', (x) => x >= 0),
    epsilonPlace: wordOption(who, 'epsilonPlace', options.epsilonPlace ?? 'inside', ['inside', 'outside']),
  };
  const centered = flagOption(who, 'centered', options.centered ?? false);
  return optimizerOf({
    name: who,
    spec,
    learningRate,
    settings: { ...settings, centered },
    slots: ['velocity', ...(settings.momentum === 0 ? [] : ['momentum']), ...(centered ? ['average'] : [])],
    update: (weight, gradient, { velocity, momentum, average }, { centered: _, ...now }) =>
      rmspropUpdate(weight, gradient, { velocity: velocity!, average: average ?? null, buffer: momentum ?? null }, now),
  });
});
