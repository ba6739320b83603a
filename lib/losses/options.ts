/** The options both cross-entropies take, and what they make of them. */

import { type ClassSpec, type Config, configOf, type Described, snakeCase } from '../classes/index.js';
import { ArgumentError, checkOptions, flagOption } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import type { Loss, OutputForm } from './loss.js';
import { smoothed, smoothingOption } from './smoothing.js';

export interface CrossentropyOptions {
  /** Whether predictions are logits instead of probabilities. Default false. */
  fromLogits?: boolean;
  /**
   * Whether probabilities are clipped to [1e-7, 1 - 1e-7] even where they come out of the loss's own activation, of which
   * the logits are taken otherwise. Default false.
   */
  clipped?: boolean;
  /**
   * From 0 to 1: how much of every target is spread over the classes, binary over 0 and 1: t * (1 - labelSmoothing) +
   * labelSmoothing / classes. Default 0.
   */
  labelSmoothing?: number;
}

/** The description of a cross-entropy. */
export const crossentropySpec = (
  className: string,
  { smooths = true, fixed = { axis: -1 } }: { smooths?: boolean; fixed?: Config } = {},
): ClassSpec => ({
  className,
  module: 'keras.losses',
  options: ['fromLogits', 'clipped', ...(smooths ? ['labelSmoothing'] : [])],
  fixed: { reduction: 'sum_over_batch_size', ...fixed },
  unread: { name: snakeCase(className).slice(1) },
  own: { clipped: false },
});

type Compute = (prediction: Tensor, target: Tensor, options: { fromLogits: boolean }) => Tensor;

/** Over how many classes a target is spread. */
const spreadOver = { sigmoid: () => 2, softmax: (target: Tensor) => target.shape.at(-1)! };

/** The parts of a cross-entropy that its options decide. Throws ArgumentError for an unknown or bad option. */
export function formsOf(
  name: string,
  spec: ClassSpec,
  activation: 'sigmoid' | 'softmax',
  meanLoss: Compute,
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
  const labelSmoothing = smoothingOption(name, options.labelSmoothing);
  const settings = {
    ...{ fromLogits, clipped },
    ...(spec.options.includes('labelSmoothing') && { labelSmoothing }),
  };
  const compute: Compute = (prediction, target, how) =>
    meanLoss(prediction, smoothed(target, labelSmoothing, spreadOver[activation](target)), how);
  const ofLogits = (logits: Tensor, target: Tensor) => compute(logits, target, { fromLogits: true });
  return {
    ...{ spec, className: spec.className, getConfig: () => configOf(spec, settings) },
    settings,
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
