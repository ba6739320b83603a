/** sgd: gradient descent, with or without momentum, as Keras or as PyTorch keeps its velocity. */
import { maker } from '../classes/index.js';
import { checkOptions, flagOption, wordOption } from '../errors/index.js';
import { sgdUpdate, type VelocityOf } from '../ops/index.js';
import type { CommonOptions } from './common.js';
import { type Optimizer, optimizerOf, optimizerSpec, shareOption } from './optimizer.js';

/** What `sgd` takes. Its learning rate is 0.01 by default. */
export interface SgdOptions extends CommonOptions {
  /** In [0, 1]. Default 0. */
  momentum?: number;
  /** Default false. */
  nesterov?: boolean;
  /**
   * What the velocity adds up: 'steps', each with its rate (Keras), or 'gradients', whose sum the rate of the moment multiplies
   * (PyTorch). The two differ where a schedule changes the rate. Default 'steps'.
   */
  velocityOf?: VelocityOf;
}

const spec = optimizerSpec('SGD', 'sgd', ['momentum', 'nesterov', 'velocityOf'], { own: { velocityOf: 'steps' } });
/**
 * Gradient descent as Keras 3 defines it. Throws ArgumentError for an unknown or bad option.
 * Example: `sgd({ momentum: 0.9 })`.
 */
export const sgd = maker(spec, (options: SgdOptions = {}): Optimizer => {
  const who = 'sgd';
  checkOptions(who, options, spec.options);
  const settings = {
    momentum: shareOption(who, 'momentum', options.momentum ?? 0),
    nesterov: flagOption(who, 'nesterov', options.nesterov ?? false),
    velocityOf: wordOption(who, 'velocityOf', options.velocityOf ?? 'steps', ['steps', 'gradients']),
  };
  return optimizerOf({
    ...{ spec, options, settings },
    learningRate: 0.01,
    slots: settings.momentum === 0 ? [] : ['momentum'],
    update: (weight, gradient, slots, { step: _, ...now }) =>
      sgdUpdate(weight, gradient, slots['momentum'] ?? null, now),
  });
});
