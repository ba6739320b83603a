/** rmsprop: gradient descent by the running size of the gradient (Hinton 2012), as Keras 3 defines it. */
import { checkOptions, flagOption, numberOption } from '../errors/index.js';
import { rmspropUpdate } from '../ops/index.js';
import type { Optimizer } from './optimizer.js';

export interface RmspropOptions {
  /** Default 0.001. */
  learningRate?: number;
  /** Share of the running mean that is kept, in [0, 1]. Default 0.9. */
  rho?: number;
  /** In [0, 1]. Default 0. */
  momentum?: number;
  /** Added to the mean square inside the root. Default 1e-7. */
  epsilon?: number;
  /** Whether the variance takes the place of the mean square. Default false. */
  centered?: boolean;
}

/** RMSprop; see docs/contract.md for every rounding. Throws ArgumentError for an unknown or bad option. */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const who = 'rmsprop';
  checkOptions(who, options, ['learningRate', 'rho', 'momentum', 'epsilon', 'centered']);
  const settings = {
    learningRate: numberOption(who, 'learningRate', options.learningRate ?? 0.001, 'a number >= 0', (x) => x >= 0),
    rho: numberOption(who, 'rho', options.rho ?? 0.9, 'in [0, 1]', (x) => x >= 0 && x <= 1),
    momentum: numberOption(who, 'momentum', options.momentum ?? 0, 'in [0, 1]', (x) => x >= 0 && x <= 1),
    epsilon: numberOption(who, 'epsilon', options.epsilon ?? 1e-7, 'a number >= 0', (x) => x >= 0),
  };
  const centered = flagOption(who, 'centered', options.centered ?? false);
  return {
    name: who,
    settings: { ...settings, centered },
    slots: ['velocity', ...(settings.momentum === 0 ? [] : ['momentum']), ...(centered ? ['average'] : [])],
    update: (weight, gradient, { velocity, momentum, average }) =>
      rmspropUpdate(
        weight,
        gradient,
        { velocity: velocity!, average: average ?? null, buffer: momentum ?? null },
        settings,
      ),
  };
}
