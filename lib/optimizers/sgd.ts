/** sgd: gradient descent, with or without momentum. */
import { maker } from '../classes/index.js';
import { checkOptions, flagOption, numberOption } from '../errors/index.js';
import { sgdUpdate } from '../ops/index.js';
import { type LearningRate, learningRateOption, type Optimizer, optimizerOf, optimizerSpec } from './optimizer.js';

/** What `sgd` takes. */
export interface SgdOptions {
  /** A number, or a schedule, its words or its config. Default 0.01. */
  learningRate?: LearningRate;
  /** In [0, 1]. Default 0. */
  momentum?: number;
  /** Default false. */
  nesterov?: boolean;
}

const spec = optimizerSpec('SGD', 'sgd', ['momentum', 'nesterov']);
/** Gradient descent as Keras 3 defines it. Throws ArgumentError for an unknown or bad option. */
export const sgd = maker(spec, (options: SgdOptions = {}): Optimizer => {
  const who = 'sgd';
  checkOptions(who, options, spec.options);
  const learningRate = learningRateOption(who, options.learningRate ?? 0.01);
  const settings = {
    momentum: numberOption(who, 'momentum', options.momentum ?? 0, 'in [0, 1]', (x) => x >= 0 && x <= 1),
    nesterov: flagOption(who, 'nesterov', options.nesterov ?? false),
  };
  return optimizerOf({
    name: who,
    spec,
    learningRate,
    settings,
    slots: settings.momentum === 0 ? [] : ['momentum'],
    update: (weight, gradient, slots, now) => sgdUpdate(weight, gradient, slots['momentum'] ?? null, now),
  });
});
