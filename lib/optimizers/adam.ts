/** adam and adamw: gradient descent by running means of the gradient and of its square (Kingma and Ba 2015). */
import { maker } from '../classes/index.js';
import { checkOptions, flagOption, wordOption } from '../errors/index.js';
import { adamUpdate, type EpsilonForm } from '../ops/index.js';
import { type MomentOptions, momentNames, momentSettings, momentsInKeras } from './moments.js';
import { type Optimizer, optimizerOf, optimizerSpec } from './optimizer.js';

/** What `adam` and `adamw` take. */
export interface AdamOptions extends MomentOptions {
  /** Whether the largest mean of squares so far stands for it (Reddi et al. 2018). Default false. */
  amsgrad?: boolean;
  /**
   * What epsilon is added to: 'root' of the mean of squares, as Keras and TensorFlow, or 'corrected', the root of the
   * corrected one, as the paper's Algorithm 1 and PyTorch. Default 'root'.
   */
  epsilonForm?: EpsilonForm;
}

const options = [...momentNames, 'amsgrad', 'epsilonForm'];
const inKeras = { own: { epsilonForm: 'root' }, spelled: momentsInKeras };
const specs = {
  adam: optimizerSpec('Adam', 'adam', options, inKeras),
  adamw: optimizerSpec('AdamW', 'adam_w', options, inKeras),
};

function make(who: keyof typeof specs, options: AdamOptions, weightDecay: number): Optimizer {
  const spec = specs[who];
  checkOptions(who, options, spec.options);
  const settings = {
    ...momentSettings(who, options),
    amsgrad: flagOption(who, 'amsgrad', options.amsgrad ?? false),
    epsilonForm: wordOption(who, 'epsilonForm', options.epsilonForm ?? 'root', ['root', 'corrected']),
  };
  return optimizerOf({
    ...{ spec, options, settings, weightDecay, name: who },
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
