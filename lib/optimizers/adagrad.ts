/** adagrad: gradient descent by the sum of squared gradients (Duchi, Hazan and Singer 2011). */
import { maker } from '../classes/index.js';
import { checkOptions, numberOption, wordOption } from '../errors/index.js';
import { adagradUpdate, type EpsilonPlace } from '../ops/index.js';
import type { CommonOptions } from './common.js';
import { epsilonOption, type Optimizer, optimizerOf, optimizerSpec } from './optimizer.js';

/** What `adagrad` takes. Its learning rate is 0.001 by default. */
export interface AdagradOptions extends CommonOptions {
  /** What the sum of squares begins with. Default 0.1; PyTorch's is 0. */
  initialAccumulatorValue?: number;
  /** Keeps the divisor from 0. Default 1e-7; PyTorch's is 1e-10. */
  epsilon?: number;
  /** Where it is added: 'inside' the root, as Keras 3, or 'outside', as PyTorch. Default 'inside'. */
  epsilonPlace?: EpsilonPlace;
}

const spec = optimizerSpec('Adagrad', 'adagrad', ['initialAccumulatorValue', 'epsilon', 'epsilonPlace'], {
  own: { epsilonPlace: 'inside' },
});
/**
 * Adagrad; see docs/contract.md for every rounding. Throws ArgumentError for an unknown or bad option.
 * Example: `adagrad({ learningRate: 0.1 })`.
 */
export const adagrad = maker(spec, (options: AdagradOptions = {}): Optimizer => {
  const who = 'adagrad';
  checkOptions(who, options, spec.options);
  const { initialAccumulatorValue: initial = 0.1 } = options;
  const settings = {
    initialAccumulatorValue: numberOption(who, 'initialAccumulatorValue', initial, 'a number >= 0', (x) => x >= 0),
    epsilon: epsilonOption(who, options.epsilon ?? 1e-7),
    epsilonPlace: wordOption(who, 'epsilonPlace', options.epsilonPlace ?? 'inside', ['inside', 'outside']),
  };
  return optimizerOf({
    ...{ spec, options, settings },
    learningRate: 0.001,
    slots: ['accumulator'],
    initial: { accumulator: settings.initialAccumulatorValue },
    update: (weight, gradient, { accumulator }, { initialAccumulatorValue: _, step: __, ...now }) =>
      adagradUpdate(weight, gradient, accumulator!, now),
  });
});
