/** adadelta: gradient descent by running means of squared gradients and squared steps (Zeiler 2012). */
import { maker } from '../classes/index.js';
import { checkOptions } from '../errors/index.js';
import { adadeltaUpdate } from '../ops/index.js';
import type { CommonOptions } from './common.js';
import { epsilonOption, type Optimizer, optimizerOf, optimizerSpec, shareOption } from './optimizer.js';

/** What `adadelta` takes. Its learning rate is 0.001 by default; the paper's and PyTorch's is 1. */
export interface AdadeltaOptions extends CommonOptions {
  /** Share of the running means that is kept, in [0, 1]. Default 0.95; PyTorch's is 0.9. */
  rho?: number;
  /** Keeps the divisor from 0. Default 1e-7; PyTorch's is 1e-6. */
  epsilon?: number;
}

const spec = optimizerSpec('Adadelta', 'adadelta', ['rho', 'epsilon']);
/**
 * Adadelta; see docs/contract.md for every rounding. Throws ArgumentError for an unknown or bad option.
 * Example: `adadelta({ learningRate: 1 })`.
 */
export const adadelta = maker(spec, (options: AdadeltaOptions = {}): Optimizer => {
  const who = 'adadelta';
  checkOptions(who, options, spec.options);
  const settings = {
    rho: shareOption(who, 'rho', options.rho ?? 0.95),
    epsilon: epsilonOption(who, options.epsilon ?? 1e-7),
  };
  return optimizerOf({
    ...{ spec, options, settings },
    learningRate: 0.001,
    slots: ['squares', 'steps'],
    update: (weight, gradient, { squares, steps }, { step: _, ...now }) =>
      adadeltaUpdate(weight, gradient, { squares: squares!, steps: steps! }, now),
  });
});
