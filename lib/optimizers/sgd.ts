/** sgd: gradient descent, with or without momentum. */
import { checkOptions, flagOption, numberOption } from '../errors/index.js';
import { sgdUpdate } from '../ops/index.js';
import { learningRateOption, type Optimizer, optimizerOf } from './optimizer.js';

export interface SgdOptions {
  /** Default 0.01. */
  learningRate?: number;
  /** In [0, 1]. Default 0. */
  momentum?: number;
  /** Default false. */
  nesterov?: boolean;
}

/** Gradient descent as Keras 3 defines it. Throws ArgumentError for an unknown or bad option. */
export function sgd(options: SgdOptions = {}): Optimizer {
  const who = 'sgd';
  checkOptions(who, options, ['learningRate', 'momentum', 'nesterov']);
  const settings = {
    learningRate: learningRateOption(who, options.learningRate ?? 0.01),
    momentum: numberOption(who, 'momentum', options.momentum ?? 0, 'in [0, 1]', (x) => x >= 0 && x <= 1),
    nesterov: flagOption(who, 'nesterov', options.nesterov ?? false),
  };
  return optimizerOf({
    name: who,
    settings,
    slots: settings.momentum === 0 ? [] : ['momentum'],
    update: (weight, gradient, slots, now) => sgdUpdate(weight, gradient, slots['momentum'] ?? null, now),
  });
}
