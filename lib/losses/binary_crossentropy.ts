/** binaryCrossentropy: for one probability a value, yes or no. */
import { checkOptions, flagOption } from '../errors/index.js';
import { binaryCrossentropy as meanLoss } from '../ops/index.js';
import type { Loss } from './loss.js';

export interface BinaryCrossentropyOptions {
  /** Whether predictions are logits instead of probabilities. Default false. */
  fromLogits?: boolean;
}

/** Binary cross-entropy as Keras 3 defines it; probabilities are clipped to [1e-7, 1 - 1e-7]. */
export function binaryCrossentropy(options: BinaryCrossentropyOptions = {}): Loss {
  checkOptions('binaryCrossentropy', options, ['fromLogits']);
  const fromLogits = flagOption('binaryCrossentropy', 'fromLogits', options.fromLogits ?? false);
  return { name: 'binaryCrossentropy', compute: (p, t) => meanLoss(p, t, { fromLogits }) };
}
