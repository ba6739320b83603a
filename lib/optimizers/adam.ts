/** adam and adamw: gradient descent by running means of the gradient and of its square (Kingma and Ba 2015). */
import { maker } from '../classes/index.js';
import { checkOptions, flagOption, wordOption } from '../errors/index.js';
import { adamUpdate, type EpsilonForm } from '../ops/index.js';
import type { CommonOptions } from './common.js';
import { betaOption, epsilonOption, type Optimizer, optimizerOf, optimizerSpec } from './optimizer.js';

/** What `adam` and `adamw` take. Their learning rate is 0.001 by default. */
export interface AdamOptions extends CommonOptions {
  /** Share of the running mean that is kept, in [0, 1). Default 0.9. */
  beta1?: number;
  /** Share of the running mean of squares that is kept, in [0, 1). Default 0.999. */
  beta2?: number;
  /** Keeps the divisor from 0. Default 1e-7; PyTorch's is 1e-8. */
  epsilon?: number;
  /** Whether the largest mean of squares so far stands for it (Reddi et al. 2018). Default false. */
  amsgrad?: boolean;
  /**
   * What epsilon is added to: 'root' of the mean of squares, as Keras and TensorFlow, or 'corrected', the root of the
   * corrected one, as the paper's Algorithm 1 and PyTorch. Default 'root'.
   */
  epsilonForm?: EpsilonForm;
}

const options = ['beta1', 'beta2', 'epsilon', 'amsgrad', 'epsilonForm'];
const inKeras = { own: { epsilonForm: 'root' }, spelled: { beta1: 'beta_1', beta2: 'beta_2' } };
const specs = {
  adam: optimizerSpec('Adam', 'adam', options, inKeras),
  adamw: optimizerSpec('AdamW', 'adamw', options, inKeras),
};

function make(who: keyof typeof specs, options: AdamOptions, weightDecay: number): Optimizer {
  const spec = specs[who];
  checkOptions(who, options, spec.options);
  const settings = {
    beta1: betaOption(who, 'beta1', options.beta1 ?? 0.9),
    beta2: betaOption(who, 'beta2', options.beta2 ?? 0.999),
    epsilon: epsilonOption(who, options.epsilon ?? 1e-7),
    amsgrad: flagOption(who, 'amsgrad', options.amsgrad ?? false),
    epsilonForm: wordOption(who, 'epsilonForm', options.epsilonForm ?? 'root', ['root', 'corrected']),
  };
  return optimizerOf({
    ...{ spec, options, settings, weightDecay },
    learningRate: 0.001,
    slots: ['momentum', 'velocity', ...(settings.amsgrad ? ['maximum'] : [])],
    update: (weight, gradient, { momentum, velocity, maximum }, { amsgrad: _, ...now }) =>
      adamUpdate(weight, gradient, { momentum: momentum!, velocity: velocity!, maximum: maximum ?? null }, now),
  });
}

/**
 * Adam; see docs/contract.md for every rounding. Throws ArgumentError for an unknown or bad option.
 * Example: `adam({ learningRate: 3e-4 })`.
 */
export const adam = maker(specs.adam, (options: AdamOptions = {}): Optimizer => make('adam', options, 0));

/**
 * AdamW: Adam with decoupled weight decay (Loshchilov and Hutter 2019), 0.004 unless it is given. Throws ArgumentError for an
 * unknown or bad option. Example: `adamw({ weightDecay: 0.01 })`.
 */
export const adamw = maker(specs.adamw, (options: AdamOptions = {}): Optimizer => make('adamw', options, 0.004));
