/** The options both cross-entropies take, and what they make of them. */

import { type ClassSpec, configOf, type Described, snakeCase } from '../classes/index.js';
import { ArgumentError, checkOptions, flagOption } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import type { Loss, OutputForm } from './loss.js';

export interface CrossentropyOptions {
  /** Whether predictions are logits instead of probabilities. Default false. */
  fromLogits?: boolean;
  /**
   * Whether probabilities are clipped to [1e-7, 1 - 1e-7] even where they come out of the loss's own activation, of which
   * the logits are taken otherwise. Default false.
   */
  clipped?: boolean;
}

/** The description of a cross-entropy. */
export const crossentropySpec = (className: string): ClassSpec => ({
  className,
  module: 'keras.losses',
  options: ['fromLogits', 'clipped'],
  fixed: { reduction: 'sum_over_batch_size', label_smoothing: 0, axis: -1 },
  unread: { name: snakeCase(className).slice(1) },
  own: { clipped: false },
});

type Compute = (prediction: Tensor, target: Tensor, options: { fromLogits: boolean }) => Tensor;

/** The parts of a cross-entropy that its options decide. Throws ArgumentError for an unknown or bad option. */
export function formsOf(
  name: string,
  spec: ClassSpec,
  activation: 'sigmoid' | 'softmax',
  compute: Compute,
  options: CrossentropyOptions,
): Pick<Loss & Described, 'spec' | 'className' | 'getConfig' | 'settings' | 'compute' | 'behind'> & {
  checkForm(who: string, output: OutputForm): void;
} {
  checkOptions(name, options, spec.options);
  const fromLogits = flagOption(name, 'fromLogits', options.fromLogits ?? false);
  const clipped = flagOption(name, 'clipped', options.clipped ?? false);
  if (fromLogits && clipped) {
    throw new ArgumentError({
      who: name,
      expected: 'fromLogits or clipped',
      got: 'both',
      hint: 'logits are not clipped',
    });
  }
  const ofLogits = (logits: Tensor, target: Tensor) => compute(logits, target, { fromLogits: true });
  return {
    ...{ spec, className: spec.className, getConfig: () => configOf(spec, { fromLogits, clipped }) },
    settings: { fromLogits, clipped },
    compute: (prediction, target) => compute(prediction, target, { fromLogits }),
    ...(!fromLogits && !clipped && { behind: { activation, compute: ofLogits } }),
    checkForm(who, output) {
      if (!fromLogits || (output.activation !== 'sigmoid' && output.activation !== 'softmax')) return;
      throw new ArgumentError({
        who,
        expected: `logits as outputs for ${name} with fromLogits`,
        got: `those of a ${output.activation}`,
        hint: `leave fromLogits out: behind a ${activation} the loss is computed from its logits`,
      });
    },
  };
}
